package dev.larder.cli;

import dev.larder.cli.command.Bundles;
import dev.larder.cli.command.Completion;
import dev.larder.cli.command.Doctor;
import dev.larder.cli.command.Evict;
import dev.larder.cli.command.Get;
import dev.larder.cli.command.Health;
import dev.larder.cli.command.Import;
import dev.larder.cli.command.Leases;
import dev.larder.cli.command.Lifecycle;
import dev.larder.cli.command.Ls;
import dev.larder.cli.command.Maintenance;
import dev.larder.cli.command.Migrate;
import dev.larder.cli.command.Policies;
import dev.larder.cli.command.Put;
import dev.larder.cli.command.Release;
import dev.larder.cli.command.Rm;
import dev.larder.cli.command.Rollback;
import dev.larder.cli.command.Show;
import dev.larder.cli.command.Stats;
import dev.larder.cli.command.Status;
import dev.larder.cli.command.Swap;
import dev.larder.cli.command.Tag;
import dev.larder.cli.command.Tiers;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;

/**
 * The commands by name, in the order of the help. Reading the annotations of one takes longer than
 * most commands run, so only those that a command line names are made.
 */
final class Commands {
  private static final Map<String, Function<Session, CommandLine>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("start", s -> new CommandLine(new Lifecycle.Start()));
    ALL.put("stop", s -> new CommandLine(new Lifecycle.Stop()));
    ALL.put("status", s -> new CommandLine(new Status(s)));
    ALL.put("put", s -> new CommandLine(new Put(s)));
    ALL.put("get", s -> new CommandLine(new Get(s)));
    ALL.put("swap", s -> new CommandLine(new Swap(s)));
    ALL.put("release", s -> new CommandLine(new Release(s)));
    ALL.put("evict", s -> new CommandLine(new Evict(s)));
    ALL.put("leases", s -> new CommandLine(new Leases(s)));
    ALL.put("ls", s -> new CommandLine(new Ls(s)));
    ALL.put("show", s -> new CommandLine(new Show(s)));
    ALL.put("rm", s -> new CommandLine(new Rm(s)));
    ALL.put("tag", s -> new CommandLine(new Tag(s)));
    ALL.put("rollback", s -> new CommandLine(new Rollback(s)));
    ALL.put("tier", Commands::tier);
    ALL.put("stats", s -> new CommandLine(new Stats(s)));
    ALL.put("policy", Commands::policy);
    ALL.put("migrate", s -> new CommandLine(new Migrate(s)));
    ALL.put("import", s -> new CommandLine(new Import(s)));
    ALL.put("rebalance", s -> new CommandLine(new Maintenance.Rebalance(s)));
    ALL.put("gc", s -> new CommandLine(new Maintenance.Gc(s)));
    ALL.put("scrub", s -> new CommandLine(new Maintenance.Scrub(s)));
    ALL.put("repair", s -> new CommandLine(new Maintenance.Repair(s)));
    ALL.put("rebuild-catalog", s -> new CommandLine(new Maintenance.RebuildCatalog(s)));
    ALL.put("wait", Commands::await);
    ALL.put("bundle", Commands::bundle);
    ALL.put("doctor", s -> new CommandLine(new Doctor(s)));
    ALL.put("health", s -> new CommandLine(new Health(s)));
    ALL.put("completion", s -> new CommandLine(new Completion(s, () -> all(s))));
  }

  private Commands() {}

  /** A parser for a command line, with the commands that it names, or with all if it names none. */
  static CommandLine parser(Session session, String... arguments) {
    CommandLine parser = new CommandLine(new Root(session.common()));
    Arrays.stream(arguments)
        .distinct()
        .filter(ALL::containsKey)
        .forEach(name -> parser.addSubcommand(name, make(name, session)));
    return parser.getSubcommands().isEmpty() ? all(session) : parser;
  }

  private static CommandLine all(Session session) {
    CommandLine parser = new CommandLine(new Root(session.common()));
    ALL.keySet().forEach(name -> parser.addSubcommand(name, make(name, session)));
    return parser;
  }

  private static CommandLine make(String name, Session session) {
    Function<Session, CommandLine> maker = ALL.get(name);
    if (maker == null) {
      throw new IllegalArgumentException(name);
    }
    return maker.apply(session);
  }

  private static CommandLine tier(Session session) {
    return new CommandLine(new Tiers())
        .addSubcommand(new Tiers.Ls(session))
        .addSubcommand(new Tiers.Add(session))
        .addSubcommand(new Tiers.Rm(session));
  }

  private static CommandLine policy(Session session) {
    return new CommandLine(new Policies())
        .addSubcommand(new Policies.Ls(session))
        .addSubcommand(new Policies.Use(session));
  }

  private static CommandLine await(Session session) {
    return new CommandLine(new Maintenance.Wait()).addSubcommand(new Maintenance.WaitIdle(session));
  }

  private static CommandLine bundle(Session session) {
    return new CommandLine(new Bundles()).addSubcommand(new Bundles.Ls(session));
  }
}
