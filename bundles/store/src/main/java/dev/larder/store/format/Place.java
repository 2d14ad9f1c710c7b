package dev.larder.store.format;

/**
 * Where a record lies.
 *
 * @param pack number
 * @param offset of the record's first byte
 * @param length of the whole record
 */
public record Place(int pack, int offset, int length) {}
