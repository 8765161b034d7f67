import type { DeskLanguage } from '../core/reason.ts'

/** The words for kinds of parts, by language; the pages have the same. */
export const kindWords: Readonly<Record<DeskLanguage, Readonly<Record<string, string>>>> = {
  zh: {
    image: '图片',
    audio: '语音',
    video: '视频',
    file: '文件',
    location: '位置',
    link: '链接',
    unsupported: '未知类型的消息',
  },
  en: {
    image: 'picture',
    audio: 'voice',
    video: 'video',
    file: 'file',
    location: 'place',
    link: 'link',
    unsupported: 'message of an unknown kind',
  },
}

/** The word for a kind of part; a kind without one stands for itself. */
export const partWords = (kind: string, language: DeskLanguage): string => kindWords[language][kind] ?? kind
