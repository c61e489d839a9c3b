package io.dioagent.bench;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Formats Markdown tables with aligned columns. */
public final class MarkdownTable {
  private MarkdownTable() {}

  /** Returns a table; every line has one cell per column. */
  public static String of(List<String> header, List<List<String>> lines) {
    List<Integer> widths = widths(header, lines);
    return line(header, widths)
        + line(widths.stream().map("-"::repeat).toList(), widths)
        + lines.stream().map(cells -> line(cells, widths)).collect(Collectors.joining());
  }

  private static List<Integer> widths(List<String> header, List<List<String>> lines) {
    return IntStream.range(0, header.size())
        .mapToObj(
            column ->
                lines.stream()
                    .mapToInt(cells -> cells.get(column).length())
                    .reduce(header.get(column).length(), Math::max))
        .toList();
  }

  private static String line(List<String> cells, List<Integer> widths) {
    StringBuilder line = new StringBuilder("|");
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      line.append(' ').append(cell).append(" ".repeat(widths.get(i) - cell.length())).append(" |");
    }
    return line.append('\n').toString();
  }
}
