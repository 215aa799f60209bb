import { encode } from 'uqr';

const quietZone = 4;

/** Dark on light in every colour scheme: cameras read no other. */
export default function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text, { border: 0 });
  const whole = size + 2 * quietZone;
  const path = data
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x + quietZone} ${y + quietZone}h1v1h-1z` : '')))
    .join('');
  return (
    <svg
      viewBox={`0 0 ${whole} ${whole}`}
      width="100%"
      style={{ maxWidth: 320, display: 'block', margin: '0 auto' }}
      role="img"
      aria-label={`QR code of ${text}`}
      shapeRendering="crispEdges"
    >
      <rect width={whole} height={whole} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
