import { useNavigate } from '@tanstack/react-router'
import { create } from 'zustand'

interface InfoState {
  readonly isHidden: boolean
  readonly hide: (isHidden: boolean) => void
}

const useHidden = create<InfoState>((set) => ({
  isHidden: false,
  hide: (isHidden) => {
    set({ isHidden })
  },
}))

/** The rest of the address stays: a case stays a case. */
const withInfo = <Search extends { readonly info?: true }>({ ...search }: Search, shown: boolean) => {
  Reflect.deleteProperty(search, 'info')
  return shown ? { ...search, info: true as const } : search
}

/** Whether what is known of contact and ticket is shown: beside the ticket, on narrow screens in front of it. */
export const useInfo = () => {
  const navigate = useNavigate()
  const { isHidden, hide } = useHidden()
  return {
    isHidden,
    show: (shown: boolean): void => {
      hide(!shown)
      void navigate({ to: '.', search: (was) => withInfo(was, shown) })
    },
  }
}
