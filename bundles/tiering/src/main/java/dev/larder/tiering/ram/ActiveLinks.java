package dev.larder.tiering.ram;

import dev.larder.api.Digest;
import dev.larder.api.Reference;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The links {@code active/NAME:TAG} to the files of what is active. A reader sees the old file or
 * the new one. A link goes before the file that it leads to does.
 *
 * <p>Changes are under the folder's lock; {@link #digestOf} may be called without.
 */
final class ActiveLinks {

  /** The longest file name of Linux's file systems. */
  private static final int LONGEST_NAME = 255;

  private final RamFolder folder;
  private final Map<Reference, Digest> digests = new ConcurrentHashMap<>();
  private final Map<Digest, Set<Reference>> references = new ConcurrentHashMap<>();
  private long temporaries;

  ActiveLinks(RamFolder folder) {
    this.folder = folder;
  }

  /** Where a link leads. */
  Optional<Digest> digestOf(Reference reference) {
    return Optional.ofNullable(digests.get(reference));
  }

  boolean leadsTo(Reference reference, Digest digest) {
    return digest.equals(digests.get(reference));
  }

  /**
   * Whether the reference fits into a file name: the last component with its tag may be longer than
   * file systems allow. Such an artifact is swapped in, but has no link.
   */
  static boolean possible(Reference reference) {
    String name = reference.toString();
    return name.length() - (name.lastIndexOf('/') + 1) <= LONGEST_NAME;
  }

  boolean anyTo(Digest digest) {
    return references.containsKey(digest);
  }

  /** All that have a link. */
  Set<Reference> references() {
    return Set.copyOf(digests.keySet());
  }

  /**
   * Takes the links over that the gateway before this one has left, as far as they lead to files
   * that are here, and removes everything else.
   */
  void adopt(Predicate<Digest> here) throws IOException {
    Files.walkFileTree(
        folder.active(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            if (folder.isOurs(path)) {
              return FileVisitResult.CONTINUE;
            }
            Leftovers.deleteTree(path);
            return FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            if (!attributes.isSymbolicLink() || !folder.isOurs(path) || !adopt(path, here)) {
              Files.delete(path);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path path, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            if (!path.equals(folder.active())) {
              deleteIfEmpty(path);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private boolean adopt(Path link, Predicate<Digest> here) throws IOException {
    String target = Files.readSymbolicLink(link).getFileName().toString();
    if (digests.size() >= Leftovers.MOST || !Digest.isDigest(target)) {
      return false;
    }
    Digest digest = Digest.parse(target);
    Reference reference;
    try {
      reference = Reference.parse(folder.active().relativize(link).toString());
    } catch (IllegalArgumentException e) {
      return false;
    }
    boolean ours =
        here.test(digest)
            && link.equals(link(reference))
            && Files.readSymbolicLink(link).equals(target(reference, digest));
    if (ours) {
      note(reference, digest);
    }
    return ours;
  }

  /** Lets the link lead to that file, which is there. */
  void flip(Reference reference, Digest digest) throws IOException {
    Path link = link(reference);
    folder.makeActive(parents(reference));
    Path temporary = folder.temporaries().resolve("link-" + temporaries++);
    Files.createSymbolicLink(temporary, target(reference, digest));
    try {
      Files.move(temporary, link, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    note(reference, digest);
  }

  private static Path target(Reference reference, Digest digest) {
    return Path.of("../".repeat(parents(reference).size() + 1) + RamFolder.fromRoot(digest));
  }

  private void note(Reference reference, Digest digest) {
    Digest before = digests.put(reference, digest);
    if (before != null) {
      unnote(reference, before);
    }
    references.computeIfAbsent(digest, d -> ConcurrentHashMap.newKeySet()).add(reference);
  }

  private void unnote(Reference reference, Digest digest) {
    references.computeIfPresent(
        digest,
        (d, all) -> {
          all.remove(reference);
          return all.isEmpty() ? null : all;
        });
  }

  /** Removes a link. */
  void remove(Reference reference) throws IOException {
    Digest digest = digests.get(reference);
    if (digest == null) {
      return;
    }
    Files.deleteIfExists(link(reference));
    digests.remove(reference);
    unnote(reference, digest);
    removeEmpty(parents(reference));
  }

  /** Removes all links to a file that is about to go. */
  void removeAll(Digest digest) throws IOException {
    for (Reference reference : references.getOrDefault(digest, Set.of())) {
      remove(reference);
    }
  }

  private void removeEmpty(List<String> parents) throws IOException {
    for (int depth = parents.size(); depth > 0; depth--) {
      if (!deleteIfEmpty(folder.active().resolve(String.join("/", parents.subList(0, depth))))) {
        return; // another link needs it
      }
    }
  }

  private static boolean deleteIfEmpty(Path path) throws IOException {
    try {
      Files.deleteIfExists(path);
      return true;
    } catch (DirectoryNotEmptyException e) {
      return false;
    }
  }

  private Path link(Reference reference) {
    return folder.active().resolve(reference.toString());
  }

  /** The folders below {@code active/} that the link is in. */
  private static List<String> parents(Reference reference) {
    List<String> components = List.of(reference.name().split("/"));
    return components.subList(0, components.size() - 1);
  }
}
