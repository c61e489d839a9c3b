package io.dioagent.samples.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The suite is killed while I/O is stuck; nothing of it may be left. */
class KilledMidwayFaultIT {
  @Fault("the suite killed (SIGKILL) with I/O held and a file system frozen")
  void nothingStays(Layer layer, Run run) throws Exception {
    List<String> zramsBefore = zrams();
    Process suite =
        new ProcessBuilder(
                Application.java(),
                "-XX:-UsePerfData",
                "-Ddio.test.jar=" + System.getProperty("dio.test.jar"),
                "-cp",
                Application.allClasses(),
                HeldWrites.class.getName(),
                layer.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Path work;
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(suite.getInputStream(), StandardCharsets.UTF_8))) {
      work = Path.of(output.readLine());
      assertEquals("held", output.readLine());
    } finally {
      suite.destroyForcibly();
      suite.waitFor();
    }
    Wait.until(() -> traces(work).isEmpty(), () -> "still there: " + traces(work));
    Wait.until(() -> zrams().equals(zramsBefore), () -> zrams() + ", expected " + zramsBefore);
    run.note("mounts, loop devices, zram, processes and files are gone");
  }

  /** Returns everything that has the directory in its name. */
  private static List<String> traces(Path work) {
    List<String> traces = new ArrayList<>();
    if (Files.exists(work)) {
      traces.add("" + work);
    }
    Stream.of(read(Path.of("/proc/self/mountinfo")), Command.run("losetup", "--list"))
        .flatMap(String::lines)
        .filter(line -> line.contains(work.toString()))
        .forEach(traces::add);
    ProcessHandle.allProcesses()
        .map(process -> read(Path.of("/proc", "" + process.pid(), "cmdline")).replace('\0', ' '))
        .filter(command -> command.contains(work.toString()))
        .forEach(traces::add);
    return traces;
  }

  private static List<String> zrams() {
    try (Stream<Path> devices = Files.list(Path.of("/sys/block"))) {
      return devices.map(Path::toString).filter(name -> name.contains("zram")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns an empty text if the file is gone. */
  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
