import $packages.common.settings.Settings;
import $packages.env.Environment;
import $packages.node.InternalSettingsPreparer;
import $packages.node.Node;
import $packages.transport.$http_plugin;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A node with HTTP and no other plugin, by the configuration in the folder that is its only argument. It ends on a signal. */
public final class SearchNode {
  private static final class NodeWithHttp extends Node {
    NodeWithHttp(Environment environment) {
      super(environment, List.of($http_plugin.class), false);
    }
  }

  public static void main(String[] arguments) {
    try {
      Path folder = Path.of(arguments[0]);
      Settings home = Settings.builder().put("path.home", folder.toString()).build();
      Node node = new NodeWithHttp(InternalSettingsPreparer.prepareEnvironment(home, Map.of(), folder, () -> "search"));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node)));
      node.start();
      Thread.currentThread().join();  // the threads of a node do not keep a process alive
    } catch (Throwable fault) {
      for (Throwable cause = fault; cause != null; cause = cause.getCause()) System.err.println(cause);
      // Not exit: that would wait for the hook to close a node that is half there.
      Runtime.getRuntime().halt(1);
    }
  }

  private static void close(Node node) {
    try {
      node.close();
    } catch (Exception fault) {
      System.err.println(fault);
    }
  }
}
