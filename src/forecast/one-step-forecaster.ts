// The seam of the small classical models: one series, one tick ahead, fed sample by sample.

export interface OneStepForecaster {
  /**
   * Expected value of the next tick, in the unit of the samples. 0 before the first sample. Does not change the state.
   */
  forecast(): number;
  /** The sample of the tick just past. NaN is no sample: time moves on, nothing is learnt. */
  observe(value: number): void;
}
