package io.dioagent.bench.io;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.annotations.SerializedName;
import java.io.IOException;
import java.util.List;

/**
 * The result of fio for its writes.
 *
 * @param writesPerSecond completed writes per second, after the warm-up
 * @param bytesPerSecond completed bytes per second
 * @param cpuMicrosPerWrite processor time of the job per write
 */
public record FioResult(double writesPerSecond, double bytesPerSecond, double cpuMicrosPerWrite) {
  private static final double MICROS_PER_PERCENT_OF_SECOND = 1e4;

  private record Output(List<Job> jobs) {}

  private record Job(
      int error,
      Write write,
      @SerializedName("usr_cpu") double userPercent,
      @SerializedName("sys_cpu") double systemPercent) {}

  private record Write(double iops, @SerializedName("bw_bytes") double bytesPerSecond) {}

  /** Parses the output of --output-format=json, which may follow other lines. */
  static FioResult parse(String text) throws IOException {
    int start = text.indexOf('{');
    if (start < 0) {
      throw new IOException("fio printed no JSON: " + text);
    }
    Output output;
    try {
      output = new Gson().fromJson(text.substring(start), Output.class);
    } catch (JsonParseException e) {
      throw new IOException("fio's JSON cannot be read: " + e.getMessage(), e);
    }
    if (output.jobs() == null || output.jobs().isEmpty() || output.jobs().get(0).write() == null) {
      throw new IOException("fio's JSON has no writes");
    }
    Job job = output.jobs().get(0);
    if (job.error() != 0 || job.write().iops() <= 0) {
      throw new IOException("fio: error " + job.error() + ", writes/s " + job.write().iops());
    }
    return new FioResult(
        job.write().iops(),
        job.write().bytesPerSecond(),
        (job.userPercent() + job.systemPercent())
            * MICROS_PER_PERCENT_OF_SECOND
            / job.write().iops());
  }
}
