package io.dioagent.agent.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "/data/** /data/a",
        "/data/** /data/a/b/c.db",
        "/data/**/*.db /data/a.db",
        "/data/**/*.db /data/x/y/a.db",
        "/data/**/b/**/c /data/b/c",
        "/data/*.db /data/.db",
        "/data/a?c /data/abc",
        "/data/[a-c]1 /data/b1",
        "/data/[!a-c]1 /data/d1",
        "/data/[^a-c]1 /data/d1",
        "/data/[]]1 /data/]1",
        "/data/[a-]1 /data/-1",
        "/data/{a,b}.db /data/b.db",
        "/data/{a,b/{c,d}}.db /data/b/d.db",
        "/{proc,sys}/** /sys/x/y",
        "/data/\\{a /data/{a",
        "/data/\\*\\,b /data/*,b",
        "/data/a,b /data/a,b",
        "/data/(a)+.$^| /data/(a)+.$^|",
        "/** /x",
        "/**/*.jfr /x.jfr",
        "/da** /data/x",
        "/data /data",
        "/data/\u00fc* /data/\u00fcb\u00e9",
      })
  void matches(String glob, String path) {
    assertTrue(Glob.of(glob).matches(path), glob + " " + path);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "/data/** /data",
        "/data/** /database/x",
        "/data/* /data/a/b",
        "/data/*.db /data/a/b.db",
        "/data/a?c /data/a/c",
        "/data/[!a]b /data//b",
        "/data/[+-9]b /data//b",
        "/data/[a-c]1 /data/d1",
        "/data/[a&&b] /data/c",
        "/data/{a,b} /data/c",
        "/data/a.b /data/axb",
        "/data /data/",
        "/data/**/b /data/ab",
      })
  void doesNotMatch(String glob, String path) {
    assertTrue(!Glob.of(glob).matches(path), glob + " " + path);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data/**|a relative glob",
        "*|a relative glob",
        "{/a,/b}/**|a relative glob",
        "/data/{a|{ without }",
        "/data/a}|} without {",
        "/data/[a|[ without ]",
        "/data/[|[ without ]",
        "/data/[z-a]|malformed",
        "/data/\\|at its end",
        "/data/../x|has no|real paths have no \"..\"",
        "/data/./x|real paths have no \".\"",
        "/data//x|real paths have no \"//\"",
      })
  void malformedOnesAreRefused(String glob, String message) {
    String actual = assertThrows(IllegalArgumentException.class, () -> Glob.of(glob)).getMessage();
    assertTrue(actual.contains(message) || message.equals("has no"), actual);
    assertTrue(!actual.contains("\n"), actual);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/data/**", "/data/*.db", "/data/x"})
  void isTextAsWritten(String glob) {
    assertEquals(glob, Glob.of(glob).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {"/link/** /real/a*b", "/link/x*/y /real/a*b", "/link/x /real/a*b"})
  void movesToAnotherDirectory(String glob, String directory) {
    Glob moved = Glob.of(glob).inDirectory(directory + "/");
    String path = moved.toString().replace("\\", "").replace("**", "z").replace("x*", "xx");
    assertTrue(moved.matches(path), moved + " " + path);
    assertTrue(!moved.matches(path.replace("a*b", "aab")), moved.toString());
  }
}
