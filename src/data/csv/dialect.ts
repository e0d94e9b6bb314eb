/** How a CSV source is written; the same for all its objects. */
export interface CsvDialect {
  /** One ASCII character. */
  readonly separator: string;
  /** Whether every object starts with a row of names. */
  readonly header: boolean;
  /** Names of all fields of a row, loaded or not. */
  readonly names: readonly string[];
  /**
   * Texts that stand for a missing value, compared without the blanks around them, quoted or not (as pandas does). A number among them
   * also stands for its other spellings: -999 for -999.0. An empty number or date is missing in any case.
   */
  readonly missing: readonly string[];
}
