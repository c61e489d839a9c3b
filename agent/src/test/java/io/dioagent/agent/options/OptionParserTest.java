package io.dioagent.agent.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.AgentLog;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnCollision;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.ReadMode;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.Setting;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.fault.FaultKind;
import io.dioagent.runtime.fault.FaultRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionParserTest {
  @TempDir Path directory;

  private static AgentOptions parse(String agentOptions) throws OptionException {
    return OptionParser.parse(agentOptions, new Properties(), Map.of());
  }

  private AgentOptions parseFile(String agentOptions, String... lines)
      throws OptionException, IOException {
    Path file = directory.resolve("dio.properties");
    Files.write(file, List.of(lines));
    String config = "config=" + file;
    return parse(agentOptions.isEmpty() ? config : config + "," + agentOptions);
  }

  private static String error(org.junit.jupiter.api.function.Executable parsing) {
    String message = assertThrows(OptionException.class, parsing).getMessage();
    assertFalse(message.contains("\n"), message);
    return message;
  }

  @Test
  void defaults() throws Exception {
    AgentOptions options = parse("tag=/data/**");
    assertEquals(Mode.DIRECT, options.mode());
    assertEquals(RuntimeOptions.DEFAULT, options.runtime());
    assertEquals(AgentLog.Level.WARN, options.logLevel());
    assertEquals(List.of(), options.excludes());
    assertEquals(List.of(), options.faults());
    TagRule tag = options.tags().get(0);
    assertEquals("/data/**", tag.name());
    assertEquals(PolicyOptions.DEFAULT, tag.policy());
    assertEquals("auto", PolicyOptions.of(tag).get("write"));
  }

  /** They strike only what the runtime submits itself. */
  @Test
  void withFaultsWritesAreSync() throws Exception {
    AgentOptions faulty = parse("tag=/data/**,fault=eio");
    assertEquals(FilePolicy.DEFAULT, faulty.tags().get(0).policy());
    assertEquals(WriteMode.SYNC, faulty.tags().get(0).policy().write());
    assertTrue(faulty.settings().contains(new Setting("write", "sync", "default")));
    AgentOptions given = parse("tag=/data/**,fault=eio,write=auto");
    assertEquals(WriteMode.AUTO, given.tags().get(0).policy().write());
  }

  /** The configuration event's defaults are the parser's defaults. */
  /** A fault strikes the files whose tag it names: the first that matches counts. */
  @Test
  void faultsByTag() throws Exception {
    AgentOptions options =
        parse("tag=/data/log/**,tag=/data/**,fault=eio:tag=/data/**,fault=lose:tag=/data/log/**");
    assertEquals(2, options.faults().size());
    OptionException none =
        assertThrows(OptionException.class, () -> parse("tag=/data/**,fault=eio:tag=/other/**"));
    assertTrue(
        none.getMessage().contains("there is no tag '/other/**', expected one of those set"),
        none.getMessage());
    FaultRule eio = options.faults().get(0);
    FaultRule lose = options.faults().get(1);
    RequestInfo data = new RequestInfo(1, "/data/f", 0, 4096);
    RequestInfo log = new RequestInfo(1, "/data/log/f", 0, 4096);
    assertTrue(eio.mayStrike(data));
    assertFalse(eio.mayStrike(log), "it comes under the tag before");
    assertTrue(lose.mayStrike(log));
    assertFalse(lose.mayStrike(data));
  }

  @Test
  void recordedDefaultsAreTheParsersDefaults() throws Exception {
    AgentOptions byDefault = parse("tag=/data/**");
    StringBuilder explicit = new StringBuilder("tag=/data/**");
    for (Setting setting : byDefault.settings()) {
      if (setting.source().equals("default")) {
        explicit.append(',').append(setting.key()).append('=').append(setting.value());
      }
    }
    AgentOptions options = parse(explicit.toString());
    assertEquals(byDefault.mode(), options.mode());
    assertEquals(byDefault.runtime(), options.runtime());
    assertEquals(byDefault.logLevel(), options.logLevel());
    assertEquals(byDefault.engine(), options.engine());
    assertEquals(byDefault.tags().get(0).policy(), options.tags().get(0).policy());
    assertEquals(RuntimeOptions.DEFAULT, byDefault.runtime(), "the defaults of a library");
  }

  @Test
  void everythingAtOnce() throws Exception {
    AgentOptions options =
        parse(
            "tag=/a/{x,y}/**,tag=/b/*,exclude=/a/x/tmp/**,mode=observe,write=pipelined,read=direct,"
                + "fallback=forbid,deadline=500ms,on-lost=report,on-collision=launder,"
                + "queue-depth=8,max-io=256k,buffer-memory=8m,log=debug,"
                + "fault=eio:path=/a/{x,y}/**:rate=0.5");
    assertEquals(Mode.OBSERVE, options.mode());
    assertEquals(2, options.tags().size());
    assertEquals("/a/{x,y}/**", options.tags().get(0).glob().toString());
    FilePolicy policy = options.tags().get(1).policy();
    assertEquals(
        new FilePolicy(
            Duration.ofMillis(500),
            OnLost.REPORT,
            OnCollision.LAUNDER,
            false,
            WriteMode.PIPELINED,
            ReadMode.DIRECT),
        policy);
    assertEquals(new RuntimeOptions(8, 256 << 10, 8 << 20), options.runtime());
    assertEquals("/a/x/tmp/**", options.excludes().get(0).toString());
    assertEquals(AgentLog.Level.DEBUG, options.logLevel());
    assertEquals(FaultKind.EIO, options.faults().get(0).kind());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "deadline=30|expected a duration",
        "deadline=0s|expected a duration",
        "deadline=-1s|expected a duration",
        "deadline=s|expected a duration",
        "deadline=25h|expected a duration",
        "deadline=99999999999999999999s|expected a duration",
        "queue-depth=0|expected a number from 1 to 256",
        "queue-depth=257|expected a number from 1 to 256",
        "queue-depth=1k|expected a number",
        "queue-depth=|expected a number",
        "max-io=3k|expected a power of two",
        "max-io=5000|expected a power of two",
        "max-io=128m|expected a power of two",
        "max-io=1t|expected a power of two",
        "buffer-memory=512k|at least max-io, which is 1048576",
        "buffer-memory=99999999999g|expected a size",
        "mode=direkt|expected direct|observe",
        "write=async|expected sync|pipelined|behind",
        "read=uncached|expected buffered|direct|auto",
        "engine=uring|expected auto|aio|io_uring|pwrite",
        "on-lost=retry|expected fail",
        "on-collision=x|expected report",
        "fallback=no|expected allow",
        "log=trace|expected error",
        "exclude=tmp/**|a relative glob",
        "tag=data/**|a relative glob, expected an absolute one",
        "tag=/data/[a|[ without ]",
        "fault=explode|expected one of",
        "tags=/data/**|unknown option, expected one of config, tag",
        "deadline|expected key=value",
        "=5|expected key=value",
        "deadline=1s,deadline=2s|given twice",
        "tag.a.b.c=1|unknown option",
        "tag.a.queue-depth=1|unknown option, expected tag.NAME or tag.NAME.KEY",
        "tag.x.deadline=1s|there is no tag.x",
      })
  void wrongOnesSayWhatWhereAndExpected(String option, String expected) {
    String message = error(() -> parse("tag=/ok/**," + option));
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains(option.substring(option.lastIndexOf(',') + 1)), message);
    assertTrue(message.contains("(agent options)"), message);
  }

  @Test
  void aTagIsNeeded() {
    assertTrue(error(() -> parse(null)).contains("there is no tag, expected at least one"));
    assertTrue(error(() -> parse("mode=observe")).contains("there is no tag"));
  }

  @Test
  void strongerSourcesWin() throws Exception {
    Path file = directory.resolve("dio.properties");
    Files.write(
        file,
        List.of("tag=/file/**", "deadline=1s", "on-lost=report", "queue-depth=1", "log=error"));
    Properties properties = new Properties();
    properties.setProperty("dio.queue-depth", "3");
    properties.setProperty("dio.deadline", "3s");
    properties.setProperty("other", "x");
    Map<String, String> environment =
        Map.of("DIO_QUEUE_DEPTH", "2", "DIO_ON_LOST", "fail", "DIO_CONFIG", file.toString());
    AgentOptions options = OptionParser.parse("deadline=4s", properties, environment);
    assertEquals(Duration.ofSeconds(4), options.tags().get(0).policy().deadline());
    assertEquals(3, options.runtime().queueDepth());
    assertEquals(OnLost.FAIL, options.tags().get(0).policy().onLost());
    assertEquals("/file/**", options.tags().get(0).glob().toString());
    assertEquals(AgentLog.Level.ERROR, options.logLevel());
    assertTrue(
        options
            .settings()
            .contains(new Setting("queue-depth", "3", "system property dio.queue-depth")));
    assertTrue(options.settings().contains(new Setting("log", "error", "file " + file)));
    assertTrue(options.settings().contains(new Setting("max-io", "1m", "default")));
  }

  @Test
  void propertiesAndEnvironmentHoldLists() throws Exception {
    Properties properties = new Properties();
    properties.setProperty("dio.tag", "/a/{x,y}/**, /b/**");
    AgentOptions options =
        OptionParser.parse("", properties, Map.of("DIO_EXCLUDE", "/a/x/*,/b/[,]"));
    assertEquals(2, options.tags().size());
    assertEquals("/b/**", options.tags().get(1).glob().toString());
    assertEquals("/b/[,]", options.excludes().get(1).toString());
  }

  @Test
  void unknownDioPropertiesAreErrors() {
    Properties properties = new Properties();
    properties.setProperty("dio.deadlin", "1s");
    String message = error(() -> OptionParser.parse("tag=/a/**", properties, Map.of()));
    assertTrue(message.contains("deadlin=1s (system property dio.deadlin)"), message);
  }

  @Test
  void fileHasSettingsPerTag() throws Exception {
    AgentOptions options =
        parseFile(
            "",
            "# databases first",
            "deadline = 10s",
            "tag.db = /data/db/**",
            "tag.db.deadline = 5s",
            "tag.db.fallback = forbid",
            "tag.log = /data/{log,journal}/**",
            "tag.log.on-lost = report",
            "tag.log.write = pipelined",
            "tag = /data/**",
            "exclude = /data/db/tmp/**, /data/x");
    List<TagRule> tags = options.tags();
    assertEquals(List.of("db", "log", "/data/**"), tags.stream().map(TagRule::name).toList());
    assertEquals(
        new FilePolicy(
            Duration.ofSeconds(5),
            OnLost.FAIL,
            OnCollision.REPORT,
            false,
            WriteMode.AUTO,
            ReadMode.BUFFERED),
        tags.get(0).policy());
    assertEquals(
        new FilePolicy(
            Duration.ofSeconds(10),
            OnLost.REPORT,
            OnCollision.REPORT,
            true,
            WriteMode.PIPELINED,
            ReadMode.BUFFERED),
        tags.get(1).policy());
    assertEquals(Duration.ofSeconds(10), tags.get(2).policy().deadline());
    assertEquals(2, options.excludes().size());
  }

  @Test
  void tagsOfAStrongerSourceReplaceThoseOfTheFile() throws Exception {
    AgentOptions options =
        parseFile("tag=/mine/**", "tag.db = /data/db/**", "tag.db.deadline = 5s");
    assertEquals(1, options.tags().size());
    assertEquals("/mine/**", options.tags().get(0).name());
  }

  @Test
  void fileErrorsNameTheFile() {
    String message = error(() -> parseFile("", "tag=/a/**", "deadlin=5s"));
    assertTrue(message.contains("(file " + directory.resolve("dio.properties") + ")"), message);
    assertTrue(
        error(() -> parseFile("", "tag=/a/**", "config=/x")).contains("cannot name another"));
    assertTrue(error(() -> parseFile("", "tag=\\u12")).contains("cannot be read"));
    message = error(() -> parse("config=/does/not/exist"));
    assertTrue(message.contains("config=/does/not/exist (agent options): cannot be read"), message);
    assertTrue(error(() -> parse("config=" + directory)).contains("cannot be read"));
  }
}
