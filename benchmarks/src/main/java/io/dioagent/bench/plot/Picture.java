package io.dioagent.bench.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.ChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;

/**
 * The title and axes of a picture.
 *
 * @param title the title
 * @param xAxis the name and unit of x
 * @param yAxis the name and unit of y
 */
public record Picture(String title, String xAxis, String yAxis) {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 560;
  private static final String SHORT = "#,##0.###";
  private static final BasicStroke STROKE = new BasicStroke(2);

  /** Writes a picture of lines with logarithmic axes. */
  public void writeLines(Path file, List<Curve> curves) throws IOException {
    XYChart chart = build(new XYChartBuilder());
    style(chart.getStyler());
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    chart.getStyler().setXAxisDecimalPattern(SHORT).setYAxisDecimalPattern(SHORT);
    for (Curve curve : curves) {
      chart.addSeries(curve.name(), curve.x(), curve.y()).setLineStyle(STROKE);
    }
    Svg.write(chart, file);
  }

  /** Writes a picture of named bars, labelled with their heights. */
  public void writeBars(Path file, Map<String, Double> heights) throws IOException {
    CategoryChart chart = build(new CategoryChartBuilder());
    style(chart.getStyler());
    chart.getStyler().setLabelsVisible(true).setLabelsPosition(0.5).setAvailableSpaceFill(0.7);
    chart.getStyler().setXAxisLabelRotation(30).setYAxisMin(0.0).setDecimalPattern("0.00");
    chart.getStyler().setLegendVisible(false);
    chart.addSeries(yAxis, List.copyOf(heights.keySet()), List.copyOf(heights.values()));
    Svg.write(chart, file);
  }

  private <B extends ChartBuilder<B, C>, C extends Chart<?, ?>> C build(B builder) {
    C chart = builder.width(WIDTH).height(HEIGHT).title(title).build();
    chart.setXAxisTitle(xAxis);
    chart.setYAxisTitle(yAxis);
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
}
