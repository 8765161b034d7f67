/** Whether the page is wider than the screen. */
export const isTooWide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'

/** Light and dark, both languages, wide and narrow. */
export const looks = [
  { colorScheme: 'light', language: 'zh', width: 1280 },
  { colorScheme: 'dark', language: 'en', width: 1280 },
  { colorScheme: 'dark', language: 'zh', width: 360 },
  { colorScheme: 'light', language: 'en', width: 360 },
] as const
