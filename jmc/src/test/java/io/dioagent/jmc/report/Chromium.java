package io.dioagent.jmc.report;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A headless browser with one tab, driven by its DevTools protocol. Closing ends it and removes its
 * profile. Used by one thread.
 */
final class Chromium implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path profile;
  private final Process process;
  private final Connection connection;

  /** Console messages that are errors or warnings, uncaught exceptions, dialogs. */
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  /** URLs that the tab has requested. */
  private final List<String> requests = new CopyOnWriteArrayList<>();

  private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();

  /** Starts a browser. If none is installed, skips the test and prints the reason. */
  static Chromium start() throws Exception {
    String program = program();
    if (program == null) {
      System.out.println("SKIPPED: no chromium or google-chrome here");
    }
    assumeTrue(program != null, "no chromium or google-chrome here");
    return new Chromium(program);
  }

  private static String program() {
    for (String name : List.of("chromium", "chromium-browser", "google-chrome")) {
      for (String directory : System.getenv("PATH").split(":", -1)) {
        Path program = Path.of(directory, name);
        if (Files.isExecutable(program)) {
          return program.toString();
        }
      }
    }
    return null;
  }

  private Chromium(String program) throws Exception {
    profile = Files.createTempDirectory("dio-chromium");
    process =
        new ProcessBuilder(
                program,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      connection = new Connection(this, browserSocket());
      String target =
          connection
              .call(null, "Target.createTarget", Map.of("url", "about:blank"))
              .get("targetId")
              .getAsString();
      connection.session =
          connection
              .call(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
              .get("sessionId")
              .getAsString();
      for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
        call(domain + ".enable", Map.of());
      }
    } catch (Exception | Error e) {
      end();
      throw e;
    }
  }

  /** Chromium writes the address at which it listens into its profile. */
  private URI browserSocket() throws IOException, InterruptedException {
    Path file = profile.resolve("DevToolsActivePort");
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < until && process.isAlive()) {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      if (lines.size() == 2) {
        return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
      }
      Thread.sleep(50);
    }
    throw new AssertionError(
        "chromium does not listen; it " + (process.isAlive() ? "lives" : "ended"));
  }

  private JsonObject call(String method, Map<String, Object> parameters) throws Exception {
    return connection.call(connection.session, method, parameters);
  }

  /** Sets the screen for the next pages. */
  void screen(int width, int height, boolean phone, boolean dark) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", phone));
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** Opens a page and waits until it is loaded and drawn. Clears earlier messages and requests. */
  void open(Path page) throws Exception {
    complaints.clear();
    requests.clear();
    loaded = new CompletableFuture<>();
    call("Page.navigate", Map.of("url", page.toUri().toString()));
    loaded.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    evaluate(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))");
  }

  /** Returns the value of an expression, or the result of a promise. */
  JsonElement evaluate(String expression) throws Exception {
    JsonObject answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
    }
    JsonElement value = answer.getAsJsonObject("result").get("value");
    return value == null ? com.google.gson.JsonNull.INSTANCE : value;
  }

  /** Presses a key, such as Tab, Enter or Space, and lets the page answer. */
  void press(String key) throws Exception {
    String text = key.equals("Enter") ? "\r" : key.equals("Space") ? " " : null;
    Map<String, Object> down = new java.util.HashMap<>();
    down.put("type", text == null ? "rawKeyDown" : "keyDown");
    down.put("key", key.equals("Space") ? " " : key);
    down.put("code", key);
    down.put("windowsVirtualKeyCode", key.equals("Tab") ? 9 : key.equals("Enter") ? 13 : 32);
    if (text != null) {
      down.put("text", text);
    }
    call("Input.dispatchKeyEvent", down);
    down.put("type", "keyUp");
    down.remove("text");
    call("Input.dispatchKeyEvent", down);
  }

  /** Saves a picture of the whole page, not only of the visible part. */
  void screenshot(Path png) throws Exception {
    JsonObject shot =
        call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    Files.createDirectories(png.getParent());
    Files.write(png, Base64.getDecoder().decode(shot.get("data").getAsString()));
  }

  List<String> complaints() {
    return List.copyOf(complaints);
  }

  List<String> requests() {
    return List.copyOf(requests);
  }

  private void onEvent(String method, JsonObject event) {
    switch (method) {
      case "Page.loadEventFired" -> loaded.complete(null);
      case "Network.requestWillBeSent" ->
          requests.add(event.getAsJsonObject("request").get("url").getAsString());
      case "Runtime.exceptionThrown", "Log.entryAdded", "Page.javascriptDialogOpening" ->
          complaints.add(method + " " + event);
      case "Runtime.consoleAPICalled" -> {
        if (!event.get("type").getAsString().equals("log")) {
          complaints.add(event.toString());
        }
      }
      default -> {}
    }
  }

  @Override
  public void close() {
    connection.close();
    end();
  }

  private void end() {
    // Its child processes may write for a moment after its end.
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle one : all) {
      one.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
    TestDirectory.delete(profile);
  }

  /** Calls and answers, by their numbers. */
  private static final class Connection implements WebSocket.Listener {
    private final Chromium owner;
    private final WebSocket socket;
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
    private final StringBuilder message = new StringBuilder();
    private volatile String session;

    Connection(Chromium owner, URI uri) throws Exception {
      this.owner = owner;
      socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .connectTimeout(PATIENCE)
              .buildAsync(uri, this)
              .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    JsonObject call(String inSession, String method, Map<String, Object> parameters)
        throws Exception {
      int id = calls.incrementAndGet();
      CompletableFuture<JsonObject> answer = new CompletableFuture<>();
      answers.put(id, answer);
      JsonObject call = new JsonObject();
      call.addProperty("id", id);
      call.addProperty("method", method);
      call.add("params", new com.google.gson.Gson().toJsonTree(parameters));
      if (inSession != null) {
        call.addProperty("sessionId", inSession);
      }
      socket.sendText(call.toString(), true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      JsonObject whole = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (whole.has("error")) {
        throw new AssertionError(method + " " + parameters + ": " + whole.get("error"));
      }
      return whole.getAsJsonObject("result");
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      message.append(part);
      if (last) {
        JsonObject whole = JsonParser.parseString(message.toString()).getAsJsonObject();
        message.setLength(0);
        if (whole.has("id")) {
          answers.remove(whole.get("id").getAsInt()).complete(whole);
        } else {
          owner.onEvent(whole.get("method").getAsString(), whole.getAsJsonObject("params"));
        }
      }
      from.request(1);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      answers.values().forEach(answer -> answer.completeExceptionally(error));
    }

    void close() {
      socket.abort();
    }
  }

  /** Returns the values of an array. */
  static List<String> texts(JsonElement array) {
    List<String> texts = new ArrayList<>();
    for (JsonElement one : (JsonArray) array) {
      texts.add(one.getAsString());
    }
    return texts;
  }
}
