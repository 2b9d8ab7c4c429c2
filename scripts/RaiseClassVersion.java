import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Raises classes of a jar that were compiled for Java 5 to the format of Java 8: {@code java RaiseClassVersion.java
 * JAR}.
 *
 * <p>Why: an AOT cache holds no class older than Java 6, as those have no stack maps and need the old verifier. All of
 * picocli is of that kind, and loading it from its jar is a third of what volar computes. The code stays what it is,
 * the maps are added. Newer classes are copied as they are, so a second run changes nothing.
 */
final class RaiseClassVersion {
  private static final String NOTE = "META-INF/VOLANT-MODIFIED.txt";
  private static final int MAJOR_VERSION_LOW_BYTE = 7;

  private RaiseClassVersion() {}

  public static void main(String[] arguments) throws IOException {
    Path jar = Path.of(arguments[0]);
    Path raised = Files.createTempFile(jar.toAbsolutePath().getParent(), "raised", ".tmp");
    try (URLClassLoader siblings = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
        ZipFile from = new ZipFile(jar.toFile());
        OutputStream file = Files.newOutputStream(raised);
        ZipOutputStream to = new ZipOutputStream(file)) {
      ClassFile format = format(siblings);
      for (ZipEntry entry : from.stream().map(ZipEntry.class::cast).toList()) {
        if (!entry.getName().equals(NOTE)) {
          byte[] content = from.getInputStream(entry).readAllBytes();
          write(to, entry.getName(), isOld(entry, content) ? raise(format, content) : content);
        }
      }
      write(to, NOTE, "Volant's build raised the class files of this jar to Java 8.\n".getBytes(StandardCharsets.UTF_8));
    }
    Files.setPosixFilePermissions(raised, Files.getPosixFilePermissions(jar));
    Files.move(raised, jar, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Stack maps need to know which class extends which: from the jar itself, else from the JDK. */
  private static ClassFile format(ClassLoader siblings) {
    ClassHierarchyResolver resolver =
        ClassHierarchyResolver.ofResourceParsing(siblings).orElse(ClassHierarchyResolver.defaultResolver());
    return ClassFile.of(StackMapsOption.GENERATE_STACK_MAPS, ClassHierarchyResolverOption.of(resolver));
  }

  private static boolean isOld(ZipEntry entry, byte[] content) {
    return entry.getName().endsWith(".class") && content[MAJOR_VERSION_LOW_BYTE] < ClassFile.JAVA_6_VERSION;
  }

  private static byte[] raise(ClassFile format, byte[] content) {
    ClassTransform version =
        (builder, element) -> {
          if (element instanceof ClassFileVersion) {
            builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
          } else {
            builder.with(element);
          }
        };
    // Handing every instruction on makes the library write the method anew, with its maps.
    ClassTransform bodies = ClassTransform.transformingMethodBodies((builder, element) -> builder.with(element));
    return format.transformClass(format.parse(content), version.andThen(bodies));
  }

  /** All entries get one time, so that the same jar in makes the same jar out. */
  private static void write(ZipOutputStream to, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(java.time.LocalDateTime.of(2026, 1, 1, 0, 0));
    to.putNextEntry(entry);
    to.write(content);
    to.closeEntry();
  }
}
