import type { ReactNode, SVGProps } from 'react';

/** Drawn on 16 × 16, in the colour of the text around them. Beside a word they say nothing more to a screen reader. */
function icon(children: ReactNode) {
  return function Icon(props: SVGProps<SVGSVGElement>) {
    return (
      <svg
        width="16"
        height="16"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        focusable="false"
        {...props}
      >
        {children}
      </svg>
    );
  };
}

export const BoltIcon = icon(<path d="M9.250 1.750 3.500 9H7.500L6.750 14.250 12.500 7H8.500Z" />);
export const BoardIcon = icon(<path d="M2 2.500h5v5H2zM9 2.500h5v3H9zM9 7.500h5v6H9zM2 9.500h5v4H2z" />);
export const StationIcon = icon(
  <path d="M3 14V3.500A1.500 1.500 0 0 1 4.500 2h4A1.500 1.500 0 0 1 10 3.500V14M1.500 14h10M5 5.500h3M10 8h1a1 1 0 0 1 1 1v2.500a1 1 0 0 0 2 0V6l-2-2" />,
);
export const DoorIcon = icon(
  <path d="M9.500 2.500h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-3M2.500 8h7M7 5.500 9.500 8 7 10.500" />,
);
export const MessagesIcon = icon(
  <path d="M2 4.500h9M2 4.500 4.500 2M2 4.500 4.500 7M14 11.500H5M14 11.500 11.500 9M14 11.500 11.500 14" />,
);
export const TransactionsIcon = icon(
  <path d="M3.500 13.500V2.500l1.500 1 1.500-1 1.500 1 1.500-1 1.500 1 1.500-1v11l-1.500-1-1.500 1-1.500-1-1.500 1-1.500-1ZM6 6.500h4M6 9.500h4" />,
);
export const TokenIcon = icon(
  <path d="M2 4.500a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1ZM2 6.500h12M4.500 10h3" />,
);
export const SystemIcon = icon(<path d="M2.500 3h11v4h-11zM2.500 9h11v4h-11zM5 5v.01M5 11v.01" />);
export const ReservationIcon = icon(
  <path d="M3 3.500h10a.5.5 0 0 1 .5.500v9a.5.5 0 0 1-.5.500H3a.5.5 0 0 1-.5-.500V4a.5.5 0 0 1 .5-.500ZM2.500 6.500h11M5.500 2v3M10.500 2v3M6 10l1.500 1.500L10.500 8.500" />,
);
export const SlidersIcon = icon(<path d="M2.500 4.500h6M11.500 4.500h2M10 3v3M2.500 11.500h2M7.500 11.500h6M6 10v3" />);
export const CommandIcon = icon(<path d="m2.500 4 4 4-4 4M8.500 12h5" />);
export const SearchIcon = icon(<path d="M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.700 10.700 14 14" />);
export const SunIcon = icon(
  <path d="M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1.500v1M8 13.500v1M1.500 8h1M13.500 8h1M3.400 3.400l.7.7M11.900 11.900l.7.7M3.400 12.600l.7-.7M11.900 4.100l.7-.7" />,
);
export const MoonIcon = icon(<path d="M13.500 9.500A6 6 0 0 1 6.500 2.500a6 6 0 1 0 7 7Z" />);
export const HelpIcon = icon(
  <path d="M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6.300 6.300a1.750 1.750 0 1 1 2.500 1.800c-.5.3-.8.6-.8 1.200M8 11.300v.01" />,
);
export const CopyIcon = icon(
  <path d="M6 5.500h6.500a1 1 0 0 1 1 1V13a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V6.500a1 1 0 0 1 1-1ZM10.500 5.500v-2a1 1 0 0 0-1-1H3.500a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1H5" />,
);
export const CheckIcon = icon(<path d="m3 8.500 3.500 3.500L13 4.500" />);
export const CrossIcon = icon(<path d="m4 4 8 8M12 4l-8 8" />);
export const ChevronRightIcon = icon(<path d="m6 3.500 4.500 4.500L6 12.500" />);
export const ChevronDownIcon = icon(<path d="M3.500 6 8 10.500 12.500 6" />);
export const ArrowInIcon = icon(<path d="M2.500 8h10M9 4.500 12.500 8 9 11.500" />);
export const ArrowOutIcon = icon(<path d="M13.500 8h-10M7 4.500 3.500 8 7 11.500" />);
export const WarningIcon = icon(<path d="M8 2.200 14.500 13.500h-13ZM8 6.500v3.200M8 11.600v.01" />);
export const DotsIcon = icon(<path d="M3.500 8v.01M8 8v.01M12.500 8v.01" strokeWidth="2.200" />);
export const PauseIcon = icon(<path d="M5.500 3.500v9M10.500 3.500v9" strokeWidth="2" />);
export const PlayIcon = icon(<path d="M4.500 3v10l8-5Z" />);
export const FilterIcon = icon(<path d="M2 3.500h12l-4.500 5.500v4.500l-3-1.500V9Z" />);
export const BookmarkIcon = icon(<path d="M4 2.500h8v11.500l-4-3-4 3Z" />);
export const QrIcon = icon(
  <path d="M2.500 2.500h4v4h-4zM9.500 2.500h4v4h-4zM2.500 9.500h4v4h-4zM9.500 9.500h1.500v1.500M13.500 9.500v4h-4v-1.500" />,
);
export const SignOutIcon = icon(
  <path d="M6 13.500H3.500a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1H6M6.500 8h7M11 5.500 13.500 8 11 10.500" />,
);
export const MoreIcon = icon(<path d="M2.500 4.500h11M2.500 8h11M2.500 11.500h11" />);

// One for each state of a connector, of a shape of its own.
export const AvailableIcon = icon(<circle cx="8" cy="8" r="5.250" />);
export const PreparingIcon = icon(
  <path d="M5.500 2.500v3M10.500 2.500v3M3.500 5.500h9v1.500a4.500 4.500 0 0 1-9 0ZM8 11.500v2.500" />,
);
export const ChargingIcon = icon(
  <path d="M9.250 1.750 3.500 9H7.500L6.750 14.250 12.500 7H8.500Z" fill="currentColor" />,
);
export const SuspendedIcon = icon(<path d="M5.500 3.500v9M10.500 3.500v9" strokeWidth="2.500" />);
export const FinishingIcon = icon(<path d="M3.500 14V2.500h8l-2 3 2 3h-8" />);
export const ReservedIcon = icon(<path d="M8 13.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11ZM8 5v3l2 1.500" />);
export const UnavailableIcon = icon(
  <path d="M8 13.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11ZM5.500 8h5" strokeWidth="1.800" />,
);
export const FaultedIcon = icon(
  <path d="M8 2.200 14.500 13.500h-13ZM8 6.500v3.200M8 11.600v.01" strokeWidth="1.800" />,
);
export const OfflineIcon = icon(
  <path d="M2.500 2.500l11 11M6 5.500a4.500 4.500 0 0 0-2 1.500M8 11.500v.01M10 6.200a4.500 4.500 0 0 1 2 1.300M1.800 5.200A7 7 0 0 1 4 3.600M8.500 2.800a7 7 0 0 1 5.700 2.400" />,
);
export const OccupiedIcon = icon(<circle cx="8" cy="8" r="4.500" fill="currentColor" />);
export const UnknownIcon = icon(
  <path d="M6.300 6.300a1.750 1.750 0 1 1 2.500 1.800c-.5.3-.8.6-.8 1.200M8 11.300v.01" />,
);
