package io.volant.cli;

import java.util.ArrayList;
import java.util.List;

/** Columns aligned to the widest cell, two blanks between them. */
final class TextTable {
  private static final String GAP = "  ";

  private final List<List<Cell>> rows = new ArrayList<>();

  /**
   * What stands at one place.
   *
   * @param text what is shown, which alone counts for the width
   * @param painted the same with its colour
   */
  record Cell(String text, String painted) {
    static Cell of(String text) {
      return new Cell(text, text);
    }
  }

  TextTable heading(String... titles) {
    return row(titles);
  }

  TextTable row(String... cells) {
    return row(List.of(cells).stream().map(Cell::of).toList());
  }

  TextTable row(List<Cell> cells) {
    rows.add(cells);
    return this;
  }

  void printTo(Terminal terminal) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<Cell> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], width(row.get(i).text()));
      }
    }
    rows.forEach(row -> terminal.print(line(row, widths)));
  }

  private static String line(List<Cell> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      Cell cell = row.get(i);
      line.append(cell.painted());
      if (i < row.size() - 1) {
        line.repeat(' ', widths[i] - width(cell.text())).append(GAP);
      }
    }
    return line.toString().stripTrailing();
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
