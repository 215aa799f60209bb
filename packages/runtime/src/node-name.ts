import { hostname } from 'node:os';

/** The name of this node: from the settings, else the host's. */
export function nodeName(settings: { node: { name: string } }): string {
  return settings.node.name || hostname();
}
