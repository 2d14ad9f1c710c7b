package dev.larder.tiering.prefetch;

/**
 * What became of predictions, by the confidence they were made with: ten bins, each with the share
 * that came true and with what acting on all of them would have gained and cost. Old outcomes fade,
 * so a predictor that has lost its way is not believed any longer.
 *
 * <p>An artifact that is used all the time comes soon after anything. So each prediction is its own
 * control: the artifact is looked for again at some other time. Only a bin whose predictions come
 * true clearly more often than that knows more than a cache does. (So a round of fewer models than
 * the horizon has events is not seen as an order.)
 *
 * <p>For one thread at a time.
 */
final class ConfidenceBins {

  private static final int BINS = 10;

  /** Half of the weight is with the last 90 outcomes; a share is known to some 5 %. */
  private static final double KEPT = 1 - 1.0 / 128;

  /** Every bin starts with so many that did not come true: it must earn its trust. */
  private static final double DOUBTS = 2;

  /** More than chance makes of 128 outcomes without any order. */
  private static final double ODDS_RATIO = 2;

  private final double[] soon = new double[BINS];
  private final double[] controls = new double[BINS];
  private final double[] controlsCame = new double[BINS];
  private final double[] outcomes = new double[BINS];
  private final double[] gainedMicros = new double[BINS];
  private final double[] spentMicros = new double[BINS];

  /** The bin of a confidence; whatever is no number between 0 and 1 goes to the nearest. */
  static int of(double confidence) {
    return (int) Math.min(BINS - 1, Math.max(0, confidence * BINS));
  }

  /** A prediction came true in time: acting on it would have saved so much. */
  void cameSoon(int bin, double savedMicros) {
    fade(bin);
    soon[bin]++;
    gainedMicros[bin] += savedMicros;
  }

  /** A prediction did not come true in time: acting on it would have cost so much. */
  void failed(int bin, double costMicros) {
    fade(bin);
    spentMicros[bin] += costMicros;
  }

  /** What was predicted was looked for at some other time. */
  void control(int bin, boolean came) {
    controls[bin] = controls[bin] * KEPT + 1;
    controlsCame[bin] = controlsCame[bin] * KEPT + (came ? 1 : 0);
  }

  private void fade(int bin) {
    soon[bin] *= KEPT;
    outcomes[bin] = outcomes[bin] * KEPT + 1;
    gainedMicros[bin] *= KEPT;
    spentMicros[bin] *= KEPT;
  }

  /** The share of a bin that came true, on the cautious side. */
  double precision(int bin) {
    return soon[bin] / (outcomes[bin] + DOUBTS);
  }

  /** Whether acting on a bin would have paid, and by more than chance. */
  boolean pays(int bin) {
    double failed = outcomes[bin] + DOUBTS - soon[bin];
    double controlsFailed = controls[bin] + 1 - controlsCame[bin];
    return gainedMicros[bin] > spentMicros[bin]
        && soon[bin] * controlsFailed > ODDS_RATIO * failed * controlsCame[bin];
  }
}
