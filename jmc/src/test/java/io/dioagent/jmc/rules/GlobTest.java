package io.dioagent.jmc.rules;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases are those of the agent's own globs. */
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
    assertTrue(new Glob(glob).matches(path), glob + " " + path);
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
    assertFalse(new Glob(glob).matches(path), glob + " " + path);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "/link/** /real/place/a",
        "/link/*.db /real/place/a.db",
        "/link/**/b /b",
        "/link/x*/y /real/xx/y",
        "/link/x /real/x",
      })
  void mayMatchByLink(String glob, String path) {
    assertTrue(new Glob(glob).mayMatchByLink(path), glob + " " + path);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {"/link/*.db /real/a.log", "/link/x*/y /real/y", "/link/x /real/yx"})
  void cannotMatchByLink(String glob, String path) {
    assertFalse(new Glob(glob).mayMatchByLink(path), glob + " " + path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/data/{a", "/data/a}", "/data/[a", "/data/[z-a]", "/data/\\"})
  void whatTheAgentWouldNotTakeIsNoError(String glob) {
    assertFalse(new Glob(glob).matches("/data/other"));
  }
}
