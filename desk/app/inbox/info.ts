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

/** Whether what is known of contact and ticket is shown: beside the ticket, on narrow screens in front of it. */
export const useInfo = () => {
  const navigate = useNavigate()
  const { isHidden, hide } = useHidden()
  return {
    isHidden,
    show: (shown: boolean): void => {
      hide(!shown)
      void navigate({
        to: '.',
        search: ({ info, ...rest }) => (shown ? { ...rest, info: true } : rest),
      })
    },
  }
}
