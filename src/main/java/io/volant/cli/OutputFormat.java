package io.volant.cli;

/** How an answer is shown. */
enum OutputFormat {
  /** For people. May change from version to version. */
  table,
  /** The JSON of the API, for programs. */
  json,
  /** Of lists only the names, one a line, for shells; elsewhere like {@link #table}. */
  name
}
