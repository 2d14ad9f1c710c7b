package dev.larder.doctor;

import dev.larder.api.DoctorFinding;
import dev.larder.api.HealthFinding.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was found so far. For one thread. */
final class Findings {

  private final List<DoctorFinding> all = new ArrayList<>();

  void add(
      Severity severity,
      String subject,
      String finding,
      String reason,
      String advice,
      String example) {
    all.add(new DoctorFinding(severity, subject, finding, reason, advice, example));
  }

  /**
   * Worst first, else in the order in which they were found. What is the same for several subjects
   * is told once.
   */
  List<DoctorFinding> worstFirst() {
    Map<DoctorFinding, List<String>> subjects = new LinkedHashMap<>();
    for (DoctorFinding finding : all) {
      subjects
          .computeIfAbsent(withSubject(finding, ""), f -> new ArrayList<>())
          .add(finding.subject());
    }
    return subjects.entrySet().stream()
        .map(entry -> withSubject(entry.getKey(), String.join(", ", entry.getValue())))
        .sorted(Comparator.comparing(DoctorFinding::severity).reversed())
        .toList();
  }

  private static DoctorFinding withSubject(DoctorFinding finding, String subject) {
    return new DoctorFinding(
        finding.severity(),
        subject,
        finding.finding(),
        finding.reason(),
        finding.advice(),
        finding.example());
  }
}
