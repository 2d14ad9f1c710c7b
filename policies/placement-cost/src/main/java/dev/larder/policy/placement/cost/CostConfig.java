package dev.larder.policy.placement.cost;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the rule. Takes effect at once: the rule is replaced. */
@ObjectClassDefinition(
    name = "Larder placement rule: cost",
    description = "What waiting is worth, and what media cost where no tier says it for itself.")
@interface CostConfig {

  @AttributeDefinition(
      name = "Seconds for a dollar",
      description = "Seconds of waiting that are worth a dollar; 0 to 1e9.",
      min = "0",
      max = "1000000000")
  double seconds_per_dollar() default Weights.SECONDS_PER_DOLLAR;

  @AttributeDefinition(
      name = "Seconds for a watt-hour",
      description = "Seconds of waiting that are worth a watt-hour of reading; 0 to 1e9.",
      min = "0",
      max = "1000000000")
  double seconds_per_watt_hour() default Weights.SECONDS_PER_WATT_HOUR;

  @AttributeDefinition(
      name = "Days of a stay",
      description = "How long an artifact stays where it was written; 0.01 to 3650.",
      min = "0.01",
      max = "3650")
  double stay_days() default Weights.STAY_DAYS;

  @AttributeDefinition(
      name = "Prices",
      description = "Dollars for a gigabyte by class of medium, such as NVME=0.10.")
  String[] prices() default {};

  @AttributeDefinition(
      name = "Power",
      description = "Watts while reading by class of medium, such as SD=0.4.")
  String[] watts() default {};

  @AttributeDefinition(
      name = "Cycles",
      description = "Whole writes that a medium bears, by class, such as EMMC=1000; 0: any number.")
  String[] cycles() default {};
}
