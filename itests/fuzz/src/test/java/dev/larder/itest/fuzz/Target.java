package dev.larder.itest.fuzz;

/**
 * Code that takes bytes from outside. It returns, whatever they are: a refusal in the words of its
 * contract is a return too. Anything that it throws is a defect.
 */
@FunctionalInterface
interface Target {

  /** Takes any bytes. */
  void take(byte[] input) throws Exception;
}
