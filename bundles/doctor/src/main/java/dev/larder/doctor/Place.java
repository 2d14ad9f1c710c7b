package dev.larder.doctor;

import java.nio.file.Path;

/**
 * A folder that the gateway uses.
 *
 * @param subject what it is called in findings, such as {@code tier/card}
 * @param folder absolute
 */
public record Place(String subject, Path folder, Purpose purpose) {}
