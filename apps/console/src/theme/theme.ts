import { createTheme, type MantineColorsTuple, rem } from '@mantine/core';

/** Ink on paper. Colour is for states alone (states.css). */
const ink: MantineColorsTuple = [
  '#f6f7f8',
  '#eceef0',
  '#d9dde1',
  '#bfc5cb',
  '#98a1a9',
  '#6c767f',
  '#4d565e',
  '#363d44',
  '#262b30',
  '#191d21',
];

const dark: MantineColorsTuple = [
  '#e4e7ea',
  '#c6ccd1',
  '#a3abb2',
  '#7d868e',
  '#495159',
  '#383f46',
  '#2a2f35',
  '#1d2125',
  '#16181b',
  '#0f1113',
];

export const theme = createTheme({
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", "Liberation Mono", monospace',
  primaryColor: 'ink',
  primaryShade: { light: 8, dark: 1 },
  colors: { ink, dark },
  autoContrast: true,
  defaultRadius: 'sm',
  cursorType: 'pointer',
  fontSizes: { xs: rem(12), sm: rem(13), md: rem(14), lg: rem(16), xl: rem(20) },
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: rem(20) }, h2: { fontSize: rem(16) }, h3: { fontSize: rem(14) } },
  },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    Notification: {
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        styles: { description: { color: 'var(--ink-2)' } },
      },
    },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'xs', checkIconPosition: 'right', comboboxProps: { shadow: 'md' } } },
    Checkbox: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Tooltip: {
      defaultProps: {
        openDelay: 300,
        multiline: true,
        maw: 320,
        withArrow: true,
        events: { hover: true, focus: true, touch: true },
      },
    },
    Modal: {
      defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.35 }, transitionProps: { duration: 80 } },
    },
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 60 } } },
  },
});
