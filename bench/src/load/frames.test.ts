import { expect, test } from 'vitest';
import { clientFrame, FrameReader } from './frames.ts';

test.each([3, 300])('frames of %i bytes are read however they are cut', (length) => {
  const text = 'x'.repeat(length);
  // A server's frame is a client's without mask bit and mask.
  const masked = clientFrame(text);
  const headerLength = masked.length - length - 4;
  const frame = Buffer.concat([masked.subarray(0, headerLength), Buffer.from(text)]);
  frame[1] = (frame[1] ?? 0) & 0x7f;
  const stream = Buffer.concat([frame, frame]);
  for (let cut = 1; cut < stream.length; cut++) {
    const read: string[] = [];
    const reader = new FrameReader((_, payload) => read.push(payload));
    reader.read(stream.subarray(0, cut));
    reader.read(stream.subarray(cut));
    expect(read).toEqual([text, text]);
  }
});
