import type { ThemeConfig } from 'antd'
import theme from 'antd/es/theme'
import { create } from 'zustand'
import { keepLocal, readLocal } from './local.ts'

/** What an agent chose; `system`: as the machine is set. */
export type Look = 'system' | 'light' | 'dark'
const looks: readonly Look[] = ['system', 'light', 'dark']
const storageKey = 'tongda.look'

const stored = (): Look => {
  const value = readLocal(storageKey)
  return looks.find((look) => look === value) ?? 'system'
}

const darkness = matchMedia('(prefers-color-scheme: dark)')

interface LookState {
  readonly look: Look
  readonly dark: boolean
  readonly choose: (look: Look) => void
}

const isDark = (look: Look): boolean => (look === 'system' ? darkness.matches : look === 'dark')

const paint = (dark: boolean): void => {
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
}

/** Light or dark, chosen or as the machine is set. */
export const useLook = create<LookState>((set, get) => {
  const apply = (look: Look): void => {
    paint(isDark(look))
    set({ look, dark: isDark(look) })
  }
  darkness.addEventListener('change', () => {
    apply(get().look)
  })
  paint(isDark(stored()))
  return {
    look: stored(),
    dark: isDark(stored()),
    choose: (look) => {
      apply(look)
      keepLocal(storageKey, look)
    },
  }
})

/** Stock blue, red and tags miss a contrast of 4.5 : 1, and so do links under the pointer; these do not, in either theme. */
const shared = { borderRadius: 6, fontSize: 14, controlHeight: 32 }
const light = {
  ...shared,
  ...{
    colorPrimary: '#0b6bcb',
    ...{ colorPrimaryHover: '#0a5fb5', colorPrimaryTextHover: '#0a5fb5' },
    colorLink: '#0b6bcb',
    ...{ colorLinkHover: '#0a5fb5', colorLinkActive: '#004da6' },
    colorError: '#cf1322',
    ...{ colorErrorHover: '#b80f1d', colorErrorTextHover: '#b80f1d' },
    colorTextTertiary: '#5c6672',
    colorTextDisabled: '#68727d',
    colorTextPlaceholder: '#68727d',
  },
}
const dark = {
  ...shared,
  ...{
    colorPrimary: '#4f9ef8',
    ...{ colorPrimaryActive: '#70ace8', colorPrimaryTextActive: '#70ace8' },
    colorLink: '#6cb1ff',
    ...{ colorLinkHover: '#8fc4ff', colorLinkActive: '#8fc4ff' },
    colorError: '#ff7072',
    ...{ colorErrorActive: '#e88e8c', colorErrorTextActive: '#e88e8c' },
    colorTextTertiary: '#a4adb8',
    colorTextDisabled: '#9aa3ae',
    colorTextPlaceholder: '#9aa3ae',
  },
}
/** On the lighter blue and red of the dark side white words are too faint. */
const onDark = {
  Button: { primaryColor: '#08121f', dangerColor: '#1f0808' },
  Switch: { colorPrimary: '#0b6bcb', colorPrimaryHover: '#0b6bcb' },
}

/** The components' theme. */
export const themeFor = (isDarkNow: boolean, reducedMotion: boolean): ThemeConfig => ({
  algorithm: isDarkNow ? theme.darkAlgorithm : theme.defaultAlgorithm,
  token: { ...(isDarkNow ? dark : light), motion: !reducedMotion },
  components: isDarkNow ? onDark : {},
})
