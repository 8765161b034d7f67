import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import App from 'antd/es/app'
import ConfigProvider from 'antd/es/config-provider'
import enUS from 'antd/es/locale/en_US'
import zhCN from 'antd/es/locale/zh_CN'
import { useMemo } from 'react'
import { queryClient } from '../api/queries.ts'
import { nonce } from '../nonce.ts'
import { useLanguage } from '../words/index.ts'
import { router } from './router.tsx'
import { themeFor, useLook } from './theme.ts'

const csp = nonce === undefined ? {} : { csp: { nonce } }
const stillness = matchMedia('(prefers-reduced-motion: reduce)')

/** The whole app: theme, language, data and addresses around the screens. */
export const Desk = () => {
  const dark = useLook((state) => state.dark)
  const language = useLanguage((state) => state.language)
  const theme = useMemo(() => themeFor(dark, stillness.matches), [dark])
  return (
    <ConfigProvider
      theme={theme}
      locale={language === 'en' ? enUS : zhCN}
      button={{ autoInsertSpace: false }}
      {...csp}
    >
      <App className="app">
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </App>
    </ConfigProvider>
  )
}
