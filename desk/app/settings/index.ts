// What agents set for themselves, fetched when one of the pages is opened.
export { KeySettings } from './key-settings.tsx'
export { SettingsLayout } from './layout.tsx'
export { NoticeSettings } from './notice-settings.tsx'
