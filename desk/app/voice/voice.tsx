import { CaretRightOutlined, PauseOutlined } from '@ant-design/icons'
import Button from 'antd/es/button'
import type { ApiError } from '../api/request.ts'
import { explain } from '../shell/explain.ts'
import { useWords } from '../words/voice.ts'
import type { Recording } from './source.ts'
import { speeds, useSpeed } from './speed.ts'
import { usePlayer } from './use-player.ts'

const clock = (ms: number): string => {
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

const Speed = () => {
  const t = useWords()
  const { speed, choose } = useSpeed()
  return (
    <select
      className="voice-speed"
      aria-label={t('voice.speed')}
      value={speed}
      onChange={({ target }) => {
        choose(Number(target.value))
      }}
    >
      {speeds.map((one) => (
        <option key={one} value={one}>{`${one}×`}</option>
      ))}
    </select>
  )
}

const Fault = ({ fault, recording }: { readonly fault: ApiError; readonly recording: Recording }) => {
  const t = useWords()
  const { code } = fault
  return (
    <span role="alert" className="voice-fault">
      {code === 'unplayable' || code === 'gone' ? t(`voice.${code}`) : explain(fault, t)}{' '}
      {code === 'unplayable' ? (
        <a href={recording.address} target="_blank" rel="noopener" className="file">
          {t('voice.save')}
        </a>
      ) : null}
    </span>
  )
}

interface VoiceProps {
  readonly recording: Recording
  /** What the channel says of its length. */
  readonly durationMs: number | undefined
}

/** A voice message that is heard where it stands: play, place, speed; its file for whoever wants it. */
export const Voice = ({ recording, durationMs }: VoiceProps) => {
  const t = useWords()
  const { audio, isOn, isFetching, atMs, lengthMs, fault, toggle, seek, hear } = usePlayer(
    recording,
    durationMs,
  )
  return (
    <span className="stack">
      <span className="voice">
        <audio ref={audio} preload="none" {...hear} />
        <Button
          shape="circle"
          icon={isOn ? <PauseOutlined /> : <CaretRightOutlined />}
          loading={isFetching}
          aria-label={t(isOn ? 'voice.pause' : 'voice.play')}
          title={t(isOn ? 'voice.pause' : 'voice.play')}
          onClick={toggle}
        />
        <input
          type="range"
          className="voice-place"
          min={0}
          max={Math.max(1, Math.round(lengthMs))}
          step={100}
          value={Math.min(Math.round(atMs), Math.max(1, Math.round(lengthMs)))}
          aria-label={t('voice.place')}
          aria-valuetext={`${clock(atMs)} / ${clock(lengthMs)}`}
          onChange={({ target }) => {
            seek(Number(target.value))
          }}
        />
        <span className="voice-time">
          {clock(atMs)} / {clock(lengthMs)}
        </span>
        <Speed />
      </span>
      {fault === undefined ? null : <Fault {...{ fault, recording }} />}
    </span>
  )
}
