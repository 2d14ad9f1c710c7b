package dev.larder.store.pack;

import dev.larder.api.LarderException;
import dev.larder.spi.media.Capacity;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumFullException;
import dev.larder.spi.media.PackFile;
import dev.larder.store.format.Checksum;
import dev.larder.store.format.CommitFields;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.Footer;
import dev.larder.store.format.Layout;
import dev.larder.store.format.PackHeader;
import dev.larder.store.format.PackSeal;
import dev.larder.store.format.Place;
import dev.larder.store.format.RecordHeader;
import dev.larder.store.format.SecondCopies;
import dev.larder.store.format.SmallPayloads;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.index.BlockTable;
import dev.larder.store.index.Formats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one stream that a volume appends to. Whoever appends holds {@link #lock()}; a force needs
 * only the file. What is too much for the medium is cut off again; after a failed force, what it
 * was to cover is cut off, too, and nothing more is written until the volume is reopened, because
 * what a second force would say could not be believed.
 *
 * <p>Locks are taken in this order: the stream's, then the one of the file. That one is held by who
 * forces, seals or cuts; appending goes on while a force waits for the medium.
 */
public final class PackStream {

  private static final int STAGING_BYTES = 64 << 10;

  /** Longer manifests get no second copy. */
  private static final int MOST_SPARE_BYTES = 2 << 10;

  private static final int MOST_SPARES = 64;

  private final Medium medium;
  private final VolumeErrors errors;
  private final Counters counters;
  private final PackFiles files;
  private final BlockTable table;
  private final Formats formats;
  private final Owner owner;

  /** Fair: whoever forces next comes after those who wait already, and so covers them. */
  private final ReentrantLock lock = new ReentrantLock(true);

  private final ReentrantLock fileLock = new ReentrantLock();
  private @Nullable OpenPack open;
  private @Nullable ByteBuffer staging;
  private boolean begun;
  private volatile @Nullable IOException failure;

  /** The volume, as far as the stream has to know it. */
  public interface Owner {
    /** Called before the first write after opening. */
    void beginWriting() throws IOException;

    /** A number that no pack ever had. */
    int nextPack() throws IOException;

    /** UUID of the volume. */
    UUID volume();

    /** Secret of the volume. */
    long secret();

    /** Epoch that is written under. */
    long epoch();

    /** Unit that forces start on. */
    int unit();

    /** Size at which a pack is sealed. */
    long packTarget();
  }

  /** A stream with no pack open yet. */
  public PackStream(
      Medium medium,
      VolumeErrors errors,
      Counters counters,
      PackFiles files,
      BlockTable table,
      Formats formats,
      Owner owner) {
    this.medium = medium;
    this.errors = errors;
    this.counters = counters;
    this.files = files;
    this.table = table;
    this.formats = formats;
    this.owner = owner;
  }

  /** To be held while appending. */
  public ReentrantLock lock() {
    return lock;
  }

  /** Fails if nothing can be written any more. */
  public void check() throws IOException {
    IOException broken = failure;
    if (broken instanceof LarderException closed) {
      throw closed;
    }
    if (broken != null) {
      throw errors.broken(broken);
    }
    if (!medium.writable()) {
      throw errors.readOnly();
    }
  }

  /** Room on the medium. */
  public Capacity capacity() throws IOException {
    return Uninterrupted.call(medium::capacity);
  }

  /** Whether something can still be written. */
  public boolean writable() {
    return failure == null && medium.writable();
  }

  /** Refuses everything from now on; the lock is held. */
  public void close() {
    fail(errors.closed());
  }

  /** Appends blocks and enters them into the index. */
  public void append(Run run) throws IOException {
    OpenPack pack = ready();
    long start = pack.position;
    try {
      for (int i = 0; i < run.size(); i++) {
        numberCodec(pack, run.form(i).codec());
      }
      ByteBuffer record = run.record(pack.seal, pack.position, pack::ownNumber);
      long payload = pack.position + Run.headerBytes(run.size());
      write(pack, record);
      enter(pack, run, payload);
    } catch (IOException e) {
      pack.forgetNames();
      throw undo(pack, start, e);
    }
  }

  private void enter(OpenPack pack, Run run, long payload) {
    long offset = payload;
    for (int i = 0; i < run.size(); i++) {
      table.put(run.hash(i), new BlockLocation(pack.number, (int) offset, run.form(i)));
      offset += run.form(i).stored();
    }
    pack.blocks += run.size();
  }

  private void numberCodec(OpenPack pack, int codec) throws IOException {
    if (pack.isNamed(codec)) {
      return;
    }
    SmallPayloads.NumberedFormat numbered = pack.number(codec, formats.format(codec));
    ByteBuffer payload = SmallPayloads.format(numbered.number(), numbered.format());
    int headerBytes = Layout.COMMON_HEADER_BYTES + Layout.CRC_BYTES;
    ByteBuffer out = ByteBuffer.allocate(headerBytes + payload.remaining());
    new RecordHeader(
            RecordHeader.FORMAT, 0, 0, headerBytes, payload.remaining(), Checksum.of(payload))
        .put(out);
    RecordHeader.seal(out, 0, headerBytes, pack.seal, pack.position);
    out.position(headerBytes);
    write(pack, out.put(payload).flip());
    pack.named(codec);
  }

  /**
   * Appends records, all or none.
   *
   * @param together whether none of them counts after a crash that loses one
   */
  public List<CommitRecord> append(List<CommitDraft> drafts, boolean together) throws IOException {
    OpenPack pack = ready();
    long start = pack.position;
    int known = pack.commits.size();
    int spares = pack.spares.size();
    int copies = pack.copies.size();
    try {
      StagedOutput out = new StagedOutput(pack, staging());
      for (int i = 0; i < drafts.size(); i++) {
        CommitDraft draft = drafts.get(i);
        int linked = together ? linked(i, drafts.size()) : 0;
        CommitRecord record = append(pack, draft, draft.flags() | linked, out);
        if (draft.type() != RecordHeader.MANIFEST) {
          pack.copies.add(record); // what a name stands for, no other record tells until the footer
        } else if (together && hasRoomForSpare(pack, draft)) {
          pack.spares.add(draft);
        }
      }
      out.flush();
      return List.copyOf(pack.commits.subList(known, pack.commits.size()));
    } catch (IOException e) {
      pack.commits.subList(known, pack.commits.size()).clear();
      pack.spares.subList(spares, pack.spares.size()).clear();
      pack.copies.subList(copies, pack.copies.size()).clear();
      throw undo(pack, start, e);
    }
  }

  private static boolean hasRoomForSpare(OpenPack pack, CommitDraft draft) {
    return bytes(draft) <= MOST_SPARE_BYTES && pack.spares.size() < MOST_SPARES;
  }

  /** How a record hangs together with its neighbours. */
  private static int linked(int index, int count) {
    int more = index < count - 1 ? RecordHeader.MORE : 0;
    return index > 0 ? more | RecordHeader.CONTINUES : more;
  }

  private static CommitRecord append(OpenPack pack, CommitDraft draft, int flags, StagedOutput out)
      throws IOException {
    long offset = out.position();
    write(pack, draft, flags, offset, out);
    CommitRecord record = draft.record().apply(new Place(pack.number, (int) offset, bytes(draft)));
    pack.commits.add(record);
    return record;
  }

  private static int bytes(CommitDraft draft) {
    return CommitFields.HEADER_BYTES + draft.payload().bytes();
  }

  private static void write(
      OpenPack pack, CommitDraft draft, int flags, long offset, CommitDraft.Output out)
      throws IOException {
    ByteBuffer header = ByteBuffer.allocate(CommitFields.HEADER_BYTES);
    CommitDraft.Payload payload = draft.payload();
    RecordHeader common =
        new RecordHeader(
            draft.type(), flags, 0, CommitFields.HEADER_BYTES, payload.bytes(), payload.crc());
    draft.fields().putHeader(common, (int) pack.durable, header);
    RecordHeader.seal(header, 0, CommitFields.HEADER_BYTES, pack.seal, offset);
    out.put(header.clear());
    payload.writeTo(out);
  }

  private final class StagedOutput implements CommitDraft.Output {
    private final OpenPack pack;
    private final ByteBuffer buffer;

    StagedOutput(OpenPack pack, ByteBuffer buffer) {
      this.pack = pack;
      this.buffer = buffer.clear();
    }

    long position() {
      return pack.position + buffer.position();
    }

    @Override
    public void put(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        int part = Math.min(bytes.remaining(), buffer.remaining());
        buffer.put(bytes.slice(bytes.position(), part));
        bytes.position(bytes.position() + part);
        if (!buffer.hasRemaining()) {
          flush();
        }
      }
    }

    void flush() throws IOException {
      write(pack, buffer.flip());
      buffer.clear();
    }
  }

  /**
   * What a force is to cover.
   *
   * @param last whether nothing more goes into the pack: the stream lets go of it after the force
   */
  public record Ticket(@Nullable OpenPackRef pack, long position, boolean last) {}

  /** Hides the open pack from users of the stream. */
  public static final class OpenPackRef {
    private final OpenPack pack;

    private OpenPackRef(OpenPack pack) {
      this.pack = pack;
    }
  }

  /** Fills up the unit and says what a force now would cover. */
  public Ticket prepareForce() throws IOException {
    check();
    OpenPack pack = open;
    if (pack == null) {
      return new Ticket(null, 0, false);
    }
    Ticket ticket;
    try {
      pad(pack);
      ticket = new Ticket(new OpenPackRef(pack), pack.position, false);
    } catch (MediumFullException e) {
      // What is there can still be forced; nothing more goes into this pack, so that its last unit
      // is never written again. It gets its footer when the volume is opened the next time.
      ticket = new Ticket(new OpenPackRef(pack), pack.position, true);
      open = null;
    }
    return ticket;
  }

  /** Forces. The lock need not be held. */
  public void force(Ticket ticket) throws IOException {
    if (ticket.pack() == null) {
      return;
    }
    OpenPack pack = ticket.pack().pack;
    fileLock.lock();
    try {
      if (pack.durable < ticket.position()) {
        check();
        Uninterrupted.run(pack.file::force);
        counters.forced();
        pack.durable = ticket.position();
      }
    } catch (IOException e) {
      fail(e);
      takeBack(pack, e);
      throw e;
    } finally {
      fileLock.unlock();
      if (ticket.last()) {
        files.unpin(pack.number);
      }
    }
  }

  /**
   * Cuts off what a failed force was to cover. The medium may still show it, from its cache, and
   * never write it: whoever opened the volume next would believe in it, and the next power cut
   * would take it away.
   */
  private void takeBack(OpenPack pack, IOException cause) {
    Uninterrupted.Action cut =
        () -> {
          try (PackFile again = medium.openPack(pack.number, true)) {
            again.truncate(pack.durable);
          }
        };
    try {
      Uninterrupted.run(cut);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Ends the open pack, if there is one, with its footer. */
  public void seal() throws IOException {
    OpenPack pack = open;
    if (pack == null) {
      return;
    }
    check();
    boolean indexed = appendFooter(pack);
    fileLock.lock();
    try {
      Uninterrupted.run(indexed ? pack.file::seal : pack.file::force);
      counters.forced();
      pack.durable = Long.MAX_VALUE;
    } catch (IOException e) {
      fail(e);
      takeBack(pack, e);
      throw e;
    } finally {
      fileLock.unlock();
    }
    open = null;
    files.unpin(pack.number);
  }

  /** False if there was no room: then the pack will be scanned when the volume is opened. */
  private boolean appendFooter(OpenPack pack) throws IOException {
    long start = pack.position;
    try {
      pad(pack);
      List<Footer.IndexedBlock> blocks = new ArrayList<>();
      table.ofPack(pack.number).forEach(block -> blocks.add(pack.own(block)));
      ByteBuffer footer =
          Footer.encode(pack.formats, blocks, pack.commits, pack.seal, pack.position);
      StagedOutput out = new StagedOutput(pack, staging());
      out.put(footer);
      out.flush();
      return true;
    } catch (MediumFullException e) {
      cut(pack, start);
      return false;
    }
  }

  /** Deletes the open pack if it holds nothing that counts. */
  public boolean discardIfDead() throws IOException {
    OpenPack pack = open;
    if (pack == null || !pack.commits.isEmpty() || !table.ofPack(pack.number).isEmpty()) {
      return false;
    }
    open = null;
    pack.durable = Long.MAX_VALUE;
    files.unpin(pack.number);
    files.delete(pack.number);
    return true;
  }

  /** Number of the open pack; 0 if there is none. */
  public int openPack() {
    OpenPack pack = open;
    return pack == null ? 0 : pack.number;
  }

  private OpenPack ready() throws IOException {
    check();
    if (!begun) {
      owner.beginWriting();
      begun = true;
    }
    OpenPack pack = open;
    if (pack != null
        && (pack.position >= owner.packTarget() || pack.footerBytes() >= Layout.FOOTER_TARGET)) {
      seal();
      pack = null;
    }
    if (pack == null) {
      pack = create();
      open = pack;
    }
    return pack;
  }

  private OpenPack create() throws IOException {
    int number = owner.nextPack();
    PackFile file = Uninterrupted.call(() -> medium.createPack(number, owner.packTarget()));
    OpenPack pack = new OpenPack(number, file, new PackSeal(owner.secret(), number), owner.unit());
    files.adopt(number, file);
    files.pin(number);
    files.known(number, 0);
    formats.all().forEach(format -> pack.number(formats.number(format), format));
    PackHeader header =
        new PackHeader(
            Layout.MINIMUM_READER,
            pack.unit,
            owner.volume(),
            number,
            owner.epoch(),
            PackHeader.fitting(pack.formats));
    try {
      write(pack, header.encode(pack.seal));
      return pack;
    } catch (IOException e) {
      files.unpin(number);
      if (e instanceof MediumFullException) {
        files.delete(number);
        throw errors.wrap(e);
      }
      fail(e);
      throw e;
    }
  }

  /** Fills up the unit: with second copies of the commit records that are about to be forced. */
  private void pad(OpenPack pack) throws IOException {
    long start = pack.position;
    List<ByteBuffer> copies = secondCopies(pack);
    long end = start + copies.stream().mapToInt(ByteBuffer::remaining).sum();
    int missing = (int) (Layout.roundUp(end, pack.unit) - start);
    ByteBuffer filling = ByteBuffer.allocate(missing);
    copies.forEach(filling::put);
    for (CommitDraft draft : pack.spares) {
      if (bytes(draft) <= filling.remaining()) {
        write(pack, draft, RecordHeader.SPARE, start + filling.position(), filling::put);
      }
    }
    pack.spares.clear();
    pack.copies.clear();
    if (missing == 0) {
      return;
    }
    try {
      write(pack, filling.clear());
    } catch (MediumFullException e) {
      cut(pack, start);
      throw e;
    }
  }

  private static List<ByteBuffer> secondCopies(OpenPack pack) {
    List<ByteBuffer> records = new ArrayList<>();
    long at = pack.position;
    for (int from = 0; from < pack.copies.size(); from += SecondCopies.MOST_RECORDS) {
      int to = Math.min(pack.copies.size(), from + SecondCopies.MOST_RECORDS);
      ByteBuffer record =
          SecondCopies.encode(pack.copies.subList(from, to), (int) pack.durable, pack.seal, at);
      records.add(record);
      at += record.remaining();
    }
    return records;
  }

  private void write(OpenPack pack, ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    if (pack.position + length > Layout.MAX_PACK_SIZE) {
      throw new IOException("pack " + pack.number + " would grow beyond its limit");
    }
    try {
      // A force may be under way: whoever comes meanwhile is ready for the next one when it is
      // done.
      Uninterrupted.run(() -> pack.file.append(bytes, pack.position));
    } catch (MediumFullException e) {
      throw e; // can be taken back
    } catch (IOException e) {
      fail(e); // nobody knows where the pack ends now
      throw e;
    }
    pack.position += length;
    counters.written(length);
    files.known(pack.number, pack.position);
  }

  private ByteBuffer staging() {
    ByteBuffer buffer = staging;
    if (buffer == null) {
      buffer = ByteBuffer.allocateDirect(STAGING_BYTES);
      staging = buffer;
    }
    return buffer;
  }

  private IOException undo(OpenPack pack, long start, IOException cause) throws IOException {
    if (cause instanceof MediumFullException || cause instanceof LarderException) {
      cut(pack, start); // no room, or what was to be copied could not be read
      return errors.wrap(cause);
    }
    fail(cause);
    return cause;
  }

  /** Nothing behind this place was ever forced: what is before it stays as it is. */
  private void cut(OpenPack pack, long position) throws IOException {
    fileLock.lock();
    try {
      Uninterrupted.run(() -> pack.file.truncate(position));
      pack.position = position;
      files.known(pack.number, position);
    } catch (IOException e) {
      fail(e);
      throw e;
    } finally {
      fileLock.unlock();
    }
  }

  private void fail(IOException cause) {
    if (failure == null) {
      failure = cause;
    }
  }
}
