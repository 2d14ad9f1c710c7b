package dev.larder.api;

/**
 * One thing about the machine that could be better.
 *
 * @param severity {@code ERROR} if data may be lost or nothing works, {@code WARNING} if it costs
 *     speed or life, {@code INFO} if it is good to know
 * @param subject what it is about, such as {@code tier/card} or {@code ram}
 * @param finding what is the matter
 * @param reason why that matters here
 * @param advice what to do
 * @param example a line for {@code /etc/fstab}, or a command, that does it; may be empty
 */
public record DoctorFinding(
    HealthFinding.Severity severity,
    String subject,
    String finding,
    String reason,
    String advice,
    String example) {}
