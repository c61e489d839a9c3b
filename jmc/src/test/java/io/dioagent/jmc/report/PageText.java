package io.dioagent.jmc.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A page and its data, parsed as by a browser. */
record PageText(String html, JsonObject data) {
  private static final String BEGIN = "<script type=\"application/json\" id=\"data\">";

  static PageText of(Path file) throws IOException {
    String html = Files.readString(file);
    int begin = html.indexOf(BEGIN) + BEGIN.length();
    assertTrue(begin > BEGIN.length(), "the page has data");
    assertEquals(-1, html.indexOf(BEGIN, begin), "once");
    String data = html.substring(begin, html.indexOf("</script>", begin));
    return new PageText(html, JsonParser.parseString(data).getAsJsonObject());
  }

  List<JsonObject> all(String array) {
    List<JsonObject> objects = new ArrayList<>();
    for (JsonElement element : data.getAsJsonArray(array)) {
      objects.add(element.getAsJsonObject());
    }
    return objects;
  }

  List<JsonObject> bad(BadKind kind) {
    return all("bad").stream()
        .filter(event -> event.get("kind").getAsString().equals(kind.name()))
        .toList();
  }

  /** Returns the only bad event of a kind. */
  JsonObject onlyBad(BadKind kind) {
    return only(bad(kind), event -> true);
  }

  static JsonObject only(List<JsonObject> all, Predicate<JsonObject> wanted) {
    List<JsonObject> found = all.stream().filter(wanted).toList();
    assertEquals(1, found.size(), "one of " + all);
    return found.get(0);
  }

  String path(JsonObject object) {
    return text("paths", object.get("path").getAsInt());
  }

  /** Returns the stack; null if there is none. */
  String stack(JsonObject object) {
    int index = object.get("stack").getAsInt();
    return index < 0 ? null : text("stacks", index);
  }

  private String text(String table, int index) {
    JsonArray texts = data.getAsJsonArray(table);
    return texts.get(index).getAsString();
  }
}
