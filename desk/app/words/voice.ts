import { wordsWith } from './index.ts'

/* The words of one part of the desk, in both languages; `en` has exactly the keys of `zh`. */

export const zh = {
  'voice.play': '播放语音',
  'voice.pause': '暂停语音',
  'voice.place': '播放位置',
  'voice.speed': '语速',
  'voice.unplayable': '浏览器放不了这种语音，请保存后用其他播放器打开。',
  'voice.gone': '语音文件已按保存期限或要求删除。',
  'voice.save': '保存语音文件',
}

export const en: Readonly<Record<keyof typeof zh, string>> = {
  'voice.play': 'Play the voice message',
  'voice.pause': 'Pause the voice message',
  'voice.place': 'Place in the recording',
  'voice.speed': 'Speed',
  'voice.unplayable': 'This browser cannot play this voice message; save it and open it in another player.',
  'voice.gone': 'The voice file was deleted: its time was over, or somebody asked for it.',
  'voice.save': 'Save the voice file',
}

/** The desk's words and these. */
export const useWords = wordsWith(zh, en)
