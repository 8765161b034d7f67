import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { useRef } from 'react'
import { Attachments } from '../compose/attachments.tsx'
import { useUploads } from '../compose/use-uploads.ts'
import type { CannedReply } from '../canned/use-canned.ts'
import { useWords } from '../words/canned.ts'

export type Picture = CannedReply['pictures'][number]

interface PicturesProps {
  /** The form's. */
  readonly value?: readonly Picture[]
  readonly onChange?: (pictures: readonly Picture[]) => void
}

/** Pictures that go along; each leaves for the server at once. */
export const CannedPictures = ({ value = [], onChange }: PicturesProps) => {
  const t = useWords()
  const picker = useRef<HTMLInputElement>(null)
  const uploads = useUploads((picture) => onChange?.([...value, picture]))
  const { underWay, fault } = uploads
  return (
    <>
      <Attachments
        files={value}
        underWay={underWay}
        remove={({ mediaId }) => onChange?.(value.filter((one) => one.mediaId !== mediaId))}
      />
      {fault === undefined ? null : <Alert type="error" role="alert" title={fault} />}
      <Button onClick={() => picker.current?.click()}>{t('canned.pictures.add')}</Button>
      <input
        ref={picker}
        type="file"
        accept="image/png,image/jpeg,image/gif,image/webp"
        multiple
        hidden
        aria-label={t('canned.pictures.add')}
        onChange={({ target }) => {
          uploads.take([...(target.files ?? [])], value.length)
          target.value = ''
        }}
      />
    </>
  )
}
