package io.tierwise.distill.certify;

import io.tierwise.distill.data.Answered;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.Certifier;
import io.tierwise.router.contract.ConfidenceGrid;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.request.Input;
import io.tierwise.student.model.Prediction;
import io.tierwise.student.model.Student;
import java.util.ArrayList;
import java.util.List;

/** Tests a student against a contract on audited requests. */
public final class CertifyJob {
  private CertifyJob() {}

  /**
   * Certifies the laxest threshold that holds, or says why none does.
   *
   * @param testIndex how many tests the task has spent, this one included
   * @param audited a uniform sample of traffic; no row of it may have trained or tuned the student
   */
  public static Certification certify(
      Student student, Contract contract, int testIndex, List<Answered> audited) {
    return Certifier.certify(contract, testIndex, ConfidenceGrid.path(), score(student, audited));
  }

  /** What the student would have proposed for each request, and whether the large model agreed. */
  public static List<AuditSample> score(Student student, List<Answered> audited) {
    List<Input> inputs = new ArrayList<>(audited.size());
    audited.forEach(answered -> inputs.add(answered.input()));
    List<Prediction> predictions = student.predict(inputs);
    List<AuditSample> samples = new ArrayList<>(audited.size());
    for (int i = 0; i < audited.size(); i++) {
      Prediction prediction = predictions.get(i);
      boolean agrees = prediction.label().equals(audited.get(i).label());
      samples.add(AuditSample.student(prediction.confidence(), agrees));
    }
    return samples;
  }
}
