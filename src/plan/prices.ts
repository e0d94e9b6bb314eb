/** The month of the prices below. */
export const PRICES_OF = "September 2026";

/**
 * What AWS asks in us-east-1, in dollars, as of September 2026, without free tiers and without the steps of large volumes. From the price pages:
 * aws.amazon.com/lambda/pricing (arm64), /step-functions/pricing, /s3/pricing (Standard), /cloudwatch/pricing.
 */
export const PRICES = {
  lambda: { gigabyteSecond: 0.0000133334, request: 0.2e-6 },
  /** A transition is a state entered, tries again included. */
  standard: { transition: 0.025e-3 },
  /** Memory in steps of 64 MB, time in steps of 100 ms. */
  express: { request: 1e-6, gigabyteHour: 0.06 },
  s3: { put: 0.005e-3, list: 0.005e-3, get: 0.0004e-3, gigabyteMonth: 0.023 },
  logs: { gigabyte: 0.5, gigabyteMonth: 0.03 },
  cloudwatch: { metricMonth: 0.3, alarmMonth: 0.1, dashboardMonth: 3 },
} as const;
