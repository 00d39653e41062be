package io.tierwise.distill.certify;

import io.tierwise.distill.certify.AuditedAnswers.Audit;
import io.tierwise.distill.data.Answered;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.Certifier;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.ThresholdPath;
import io.tierwise.router.request.Input;
import io.tierwise.router.tier.TierName;
import io.tierwise.student.model.Prediction;
import io.tierwise.student.model.Student;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Tests a student against a contract on audited requests. */
public final class CertifyJob {
  /** One of so many audits fixes the path. */
  private static final int TUNING_PARTS = 5;

  private CertifyJob() {}

  /**
   * Certifies the laxest threshold that holds, or says why none does.
   *
   * @param testIndex how many tests the task has spent, this one included
   * @param audited a uniform sample of traffic; no row of it may have trained or tuned the student
   */
  public static Certification certify(
      Student student, Contract contract, int testIndex, List<Answered> audited) {
    return Certifier.certify(contract, testIndex, student.path(), score(student, audited));
  }

  /**
   * Certifies the laxest thresholds of student and semantic cache that hold together. Where the
   * cache was asked, only audits since then count, for before it could not be wrong; a fifth of
   * them, drawn by their ids, fixes the path and certifies nothing. Where that leaves too few to
   * certify anything, the student is certified alone, on all audits.
   */
  public static Certification certifyJointly(
      Student student, Contract contract, int testIndex, List<Audit> audits) {
    Prepared prepared = prepare(student.path(), contract, testIndex, audits);
    return certify(student, contract, testIndex, prepared);
  }

  /**
   * The same for every tenant by itself, on its own audits and along the same path. One test of the
   * task is one of each tenant's, so each tenant's promise is held with the contract's confidence.
   *
   * @return by tenant
   */
  public static Map<String, Certification> certifyEachTenant(
      Student student, Contract contract, int testIndex, List<Audit> audits) {
    Prepared prepared = prepare(student.path(), contract, testIndex, audits);
    Map<String, List<Audit>> byTenant = new TreeMap<>();
    for (Audit audit : prepared.audits()) {
      byTenant.computeIfAbsent(audit.tenant(), ignored -> new ArrayList<>()).add(audit);
    }
    Map<String, Certification> ended = new TreeMap<>();
    byTenant.forEach((tenant, own) ->
        ended.put(
            tenant, certify(student, contract, testIndex, new Prepared(prepared.path(), own))));
    return ended;
  }

  /** A path, and the audits that did not fix it. */
  private record Prepared(ThresholdPath path, List<Audit> audits) {}

  private static Prepared prepare(
      ThresholdPath alone, Contract contract, int testIndex, List<Audit> audits) {
    List<Audit> since = audits.stream().dropWhile(audit -> !audit.semanticTried()).toList();
    List<Audit> certifying = since.stream().filter(audit -> !tunes(audit)).toList();
    if (certifying.size() < contract.fewestSamples(testIndex)) {
      return new Prepared(alone, audits);
    }
    List<AuditSample.Scored> proposals =
        since.stream()
            .filter(CertifyJob::tunes)
            .map(Audit::semantic)
            .filter(Objects::nonNull)
            .toList();
    return new Prepared(JointPath.of(alone, proposals), certifying);
  }

  private static Certification certify(
      Student student, Contract contract, int testIndex, Prepared prepared) {
    return Certifier.certify(
        contract, testIndex, prepared.path(), scoreJointly(student, prepared.audits()));
  }

  private static boolean tunes(Audit audit) {
    return Math.floorMod(audit.requestId().hashCode(), TUNING_PARTS) == 0;
  }

  /** The same as {@link #score}, with what the semantic cache proposed at the time. */
  public static List<AuditSample> scoreJointly(Student student, List<Audit> audits) {
    List<AuditSample> alone = score(student, AuditedAnswers.answers(audits));
    List<AuditSample> samples = new ArrayList<>(audits.size());
    for (int i = 0; i < audits.size(); i++) {
      Map<TierName, AuditSample.Scored> proposals = new EnumMap<>(alone.get(i).proposals());
      AuditSample.Scored semantic = audits.get(i).semantic();
      if (semantic != null) {
        proposals.put(TierName.SEMANTIC_CACHE, semantic);
      }
      samples.add(new AuditSample(proposals));
    }
    return samples;
  }

  /**
   * What the student, and the second where two are in line, would have proposed for each request,
   * and whether the large model agreed.
   */
  public static List<AuditSample> score(Student student, List<Answered> audited) {
    List<AuditSample.Scored> first = proposals(student, audited);
    return student
        .second()
        .map(second -> inLine(first, proposals(second, audited)))
        .orElseGet(() ->
            first.stream()
                .map(each -> AuditSample.student(each.confidence(), each.agrees()))
                .toList());
  }

  /** The same of two students, of which the first is asked first. */
  public static List<AuditSample> inLine(
      List<AuditSample.Scored> first, List<AuditSample.Scored> second) {
    List<AuditSample> samples = new ArrayList<>(first.size());
    for (int i = 0; i < first.size(); i++) {
      samples.add(
          new AuditSample(
              Map.of(TierName.STUDENT, first.get(i), TierName.SECOND_STUDENT, second.get(i))));
    }
    return samples;
  }

  /** What one student would have proposed for each request. */
  public static List<AuditSample.Scored> proposals(Student student, List<Answered> audited) {
    List<Input> inputs = new ArrayList<>(audited.size());
    audited.forEach(answered -> inputs.add(answered.input()));
    List<Prediction> predictions = student.predict(inputs);
    List<AuditSample.Scored> scored = new ArrayList<>(audited.size());
    for (int i = 0; i < audited.size(); i++) {
      Prediction prediction = predictions.get(i);
      boolean agrees = prediction.label().equals(audited.get(i).label());
      scored.add(new AuditSample.Scored(prediction.confidence(), agrees));
    }
    return scored;
  }
}
