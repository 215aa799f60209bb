/**
 * Which partition a client belongs to: FNV-1a (32 bit) over the UTF-8 of its networkId, modulo the number of partitions.
 * Part of the format on the broker: never change it.
 */
export function partitionOf(client: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < client.length; index++) {
    const code = client.charCodeAt(index);
    if (code > 0x7f) return hashBytes(Buffer.from(client)) % partitions;
    hash = Math.imul(hash ^ code, 0x01000193);
  }
  return (hash >>> 0) % partitions;
}

function hashBytes(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
