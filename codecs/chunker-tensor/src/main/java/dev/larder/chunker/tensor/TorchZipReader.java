package dev.larder.chunker.tensor;

import java.io.IOException;

/**
 * PyTorch's zip files ({@code .pt}, {@code .pth}, TorchScript): each tensor storage is an entry
 * {@code data/N} or {@code constants/N}, stored as it is. The type of its elements is in a pickle,
 * which is a program: it is not run, so the type is not known. Sources: <a
 * href="https://github.com/pytorch/pytorch/blob/main/caffe2/serialize/inline_container.h">
 * inline_container.h</a> and <a
 * href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">APPNOTE.TXT</a>.
 *
 * <p>Only the central directory, at the end of the file, tells lengths: PyTorch writes none into
 * the headers of entries.
 */
final class TorchZipReader implements TensorReader {

  private static final int LOCAL = 0x04034B50;
  private static final int CENTRAL = 0x02014B50;
  private static final int END = 0x06054B50;
  private static final int END_64 = 0x06064B50;
  private static final int LOCATOR_64 = 0x07064B50;

  private static final int LOCAL_BYTES = 30;
  private static final int CENTRAL_BYTES = 46;
  private static final int END_BYTES = 22;
  private static final int LOCATOR_64_BYTES = 20;
  private static final int MAX_COMMENT_BYTES = 0xFFFF;
  private static final int MAX_ENTRIES = 2 * TensorMap.MAX_TENSORS;

  private static final long IN_EXTRA_FIELD = 0xFFFF_FFFFL;
  private static final int ZIP_64 = 1;
  private static final int ENCRYPTED = 1;
  private static final int STORED = 0;

  @Override
  public boolean claims(ContentView view) throws IOException {
    return view.isSized() && view.limit() > END_BYTES && view.i32(0) == LOCAL;
  }

  @Override
  public TensorMap read(ContentView view) throws IOException {
    return new Directory(view).read().build(0, view.limit(), 1);
  }

  /** One central directory while it is being read. */
  private static final class Directory {

    private final ContentView view;
    private final Text name = new Text();
    private final TensorMap.Builder tensors = new TensorMap.Builder();
    private long start;
    private long end;
    private long entries;
    private String folder = "";
    private boolean pickled;

    Directory(ContentView view) {
      this.view = view;
    }

    TensorMap.Builder read() throws IOException {
      find();
      if (entries > MAX_ENTRIES || start < 0 || start > end) {
        throw new Malformed("a directory of " + entries + " entries");
      }
      Cursor cursor = new Cursor(view, start, end);
      for (long i = 0; i < entries; i++) {
        entry(cursor);
      }
      if (cursor.hasRemaining() || !pickled) {
        throw new Malformed("not of PyTorch");
      }
      return tensors;
    }

    private void find() throws IOException {
      long at = view.limit() - END_BYTES;
      long first = Math.max(0, at - MAX_COMMENT_BYTES);
      while (view.i32(at) != END || view.u16(at + 20) != view.limit() - END_BYTES - at) {
        if (--at < first) {
          throw new Malformed("a zip file without its end");
        }
      }
      entries = view.u16(at + 10);
      end = at;
      start = view.u32(at + 16);
      long locator = at - LOCATOR_64_BYTES;
      if (locator > 0 && view.i32(locator) == LOCATOR_64) {
        end = view.i64(locator + 8);
        if (view.i32(end) != END_64) {
          throw new Malformed("a zip file without its end");
        }
        entries = view.i64(end + 32);
        start = view.i64(end + 48);
      }
    }

    private void entry(Cursor cursor) throws IOException {
      long at = cursor.at();
      cursor.skip(CENTRAL_BYTES);
      if (view.i32(at) != CENTRAL || (view.u16(at + 8) & ENCRYPTED) != 0) {
        throw new Malformed("an entry that cannot be read");
      }
      long stored = view.u32(at + 20);
      long length = view.u32(at + 24);
      long local = view.u32(at + 42);
      cursor.part(view.u16(at + 28)).rest(name);
      Cursor extra = cursor.part(view.u16(at + 30));
      cursor.skip(view.u16(at + 32));
      Cursor wide = zip64(extra);
      length = length == IN_EXTRA_FIELD ? wide.i64() : length;
      stored = stored == IN_EXTRA_FIELD ? wide.i64() : stored;
      local = local == IN_EXTRA_FIELD ? wide.i64() : local;
      if (isTensor() && view.u16(at + 10) == STORED && stored == length) {
        long data = data(local);
        if (length < 0 || length > start - data) {
          throw new Malformed("an entry that reaches into the directory");
        }
        // Names count the entries, so one more changes those behind it; the checksum stays.
        tensors.add(data, length, ElementType.UNKNOWN, name, view.i32(at + 16));
      }
    }

    /** The extra field with lengths of 64 bits; empty if there is none. */
    private Cursor zip64(Cursor extra) throws IOException {
      while (extra.hasRemaining()) {
        int id = extra.u8() | extra.u8() << 8;
        Cursor field = extra.part(extra.u8() | extra.u8() << 8);
        if (id == ZIP_64) {
          return field;
        }
      }
      return extra;
    }

    /** Looks at the name, and leaves what is below the archive's folder of it. */
    private boolean isTensor() throws Malformed {
      String path = name.ascii();
      if (folder.isEmpty()) {
        folder = path.substring(0, path.indexOf('/') + 1);
      }
      if (folder.isEmpty() || !path.startsWith(folder)) {
        throw new Malformed("not of PyTorch");
      }
      String below = path.substring(folder.length());
      pickled |= below.equals("data.pkl");
      if (!isNumber(below, "data/") && !isNumber(below, "constants/")) {
        return false;
      }
      name.clear();
      for (int i = 0; i < below.length(); i++) {
        name.add(below.charAt(i));
      }
      return true;
    }

    private static boolean isNumber(String path, String parent) {
      return path.startsWith(parent)
          && path.length() > parent.length()
          && path.chars().skip(parent.length()).allMatch(c -> c >= '0' && c <= '9');
    }

    private long data(long local) throws IOException {
      if (view.i32(local) != LOCAL || view.u16(local + 8) != STORED) {
        throw new Malformed("an entry without its header");
      }
      return local + LOCAL_BYTES + view.u16(local + 26) + view.u16(local + 28);
    }
  }
}
