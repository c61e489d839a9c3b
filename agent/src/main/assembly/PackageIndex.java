import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Writes the packages of each nested module, a line a module, so that no start has to look for them
 * among the names of all files of the jar. Argument: the directory of the nested modules.
 */
final class PackageIndex {
  private PackageIndex() {}

  public static void main(String[] arguments) throws IOException {
    Path nested = Path.of(arguments[0]);
    Map<String, Set<String>> packages = new TreeMap<>();
    try (Stream<Path> files = Files.walk(nested)) {
      for (Path file : (Iterable<Path>) files.filter(PackageIndex::isClass)::iterator) {
        Path inNested = nested.relativize(file);
        Set<String> ofModule =
            packages.computeIfAbsent(inNested.getName(0).toString(), none -> new TreeSet<>());
        // The default package has descriptors only.
        if (inNested.getNameCount() > 2) {
          Path directory = inNested.subpath(1, inNested.getNameCount() - 1);
          ofModule.add(directory.toString().replace('/', '.'));
        }
      }
    }
    StringBuilder lines = new StringBuilder();
    packages.forEach(
        (module, names) -> {
          lines.append(module);
          names.forEach(name -> lines.append(' ').append(name));
          lines.append('\n');
        });
    Files.writeString(nested.resolve("packages"), lines);
  }

  private static boolean isClass(Path file) {
    return file.toString().endsWith(".classdata");
  }
}
