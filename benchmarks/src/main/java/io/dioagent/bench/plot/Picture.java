package io.dioagent.bench.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;

/**
 * What stands on a picture beside its curves.
 *
 * @param title above it
 * @param xAxis what x is, with its unit
 * @param yAxis what y is, with its unit
 */
public record Picture(String title, String xAxis, String yAxis) {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 560;
  private static final BasicStroke STROKE = new BasicStroke(2);

  /** Lines, both axes logarithmic. */
  public void writeLines(Path file, List<Curve> curves) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xAxis)
            .yAxisTitle(yAxis)
            .build();
    style(chart.getStyler());
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    chart.getStyler().setxAxisTickLabelsFormattingFunction(Picture::number);
    chart.getStyler().setyAxisTickLabelsFormattingFunction(Picture::number);
    for (Curve curve : curves) {
      chart.addSeries(curve.name(), curve.x(), curve.y()).setLineStyle(STROKE);
    }
    Svg.write(chart, file);
  }

  /** Lines from one named place to the next, the height logarithmic. */
  public void writeSteps(Path file, List<String> places, Map<String, List<Double>> heights)
      throws IOException {
    CategoryChart chart = categories();
    chart.getStyler().setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Line);
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setyAxisTickLabelsFormattingFunction(Picture::number);
    heights.forEach((name, y) -> chart.addSeries(name, places, y).setLineStyle(STROKE));
    Svg.write(chart, file);
  }

  /** Bars at named places, labelled with their height, which begins at 0. */
  public void writeBars(Path file, List<String> places, Map<String, List<Double>> heights)
      throws IOException {
    CategoryChart chart = categories();
    chart.getStyler().setLabelsVisible(true).setLabelsPosition(1).setAvailableSpaceFill(0.7);
    chart.getStyler().setYAxisMin(0.0).setDecimalPattern("0.0");
    heights.forEach((name, y) -> chart.addSeries(name, places, y));
    Svg.write(chart, file);
  }

  private CategoryChart categories() {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xAxis)
            .yAxisTitle(yAxis)
            .build();
    style(chart.getStyler());
    return chart;
  }

  private static void style(AxesChartStyler styler) {
    styler
        .setChartBackgroundColor(Color.WHITE)
        .setChartTitleBoxVisible(false)
        .setLegendPosition(Styler.LegendPosition.OutsideE)
        .setLegendBorderColor(Color.WHITE)
        .setMarkerSize(7);
  }

  /** As short as it can be said: 0.5, 20, 1000. */
  private static String number(double value) {
    return value >= 1
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.3g", value).replaceAll("\\.?0+$", "");
  }
}
