import {
  AlertOutlined,
  CheckOutlined,
  ClockCircleOutlined,
  PauseCircleOutlined,
  UpOutlined,
} from '@ant-design/icons'
import Tooltip from 'antd/es/tooltip'
import type { ReactNode } from 'react'
import type { TicketView } from '../api/desk.ts'
import { dueOf, useNow, type DueLevel } from '../shell/time.ts'
import { isWord, useWords } from '../words/index.ts'

const icons: Readonly<Record<DueLevel, ReactNode>> = {
  done: <CheckOutlined />,
  paused: <PauseCircleOutlined />,
  calm: <ClockCircleOutlined />,
  soon: <ClockCircleOutlined />,
  over: <AlertOutlined />,
}

/** The promised time that counts now: picture, words and colour; the exact time on hover. */
export const DueChip = ({ ticket }: { readonly ticket: TicketView }) => {
  const t = useWords()
  const now = useNow()
  const { level, text, exact } = dueOf(ticket, now, t)
  return (
    <Tooltip title={exact}>
      <span className={`chip due-${level}`}>
        {icons[level]}
        {text}
      </span>
    </Tooltip>
  )
}

/** Shown only where it is more than usual. */
export const PriorityChip = ({ priority }: Pick<TicketView, 'priority'>) => {
  const t = useWords()
  if (priority === 'normal') return null
  return (
    <span className={`chip priority-${priority}`}>
      <UpOutlined />
      {t(`priority.${priority}`)}
    </span>
  )
}

/** A channel's name, also of one this page does not know yet. */
export const useChannelName = (channel: string): string => {
  const t = useWords()
  const key = `channel.${channel}`
  return isWord(key) ? t(key) : channel
}

/** The channel a message came by. */
export const ChannelMark = ({ channel }: { readonly channel: string }) => (
  <span className={`channel channel-${channel}`}>{useChannelName(channel)}</span>
)
