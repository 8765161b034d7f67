import { CloseOutlined, PaperClipOutlined } from '@ant-design/icons'
import Button from 'antd/es/button'
import { useWords } from '../words/index.ts'
import type { AttachedFile } from './drafts.ts'
import type { Upload } from './use-uploads.ts'

interface AttachmentsProps {
  readonly files: readonly AttachedFile[]
  readonly underWay: readonly Upload[]
  readonly remove: (file: AttachedFile) => void
}

/** By its name, which is all that a draft keeps of it. */
const isPicture = ({ name }: AttachedFile): boolean => /\.(png|jpe?g|gif|webp|bmp)$/i.test(name)

/** What goes along with the reply, and what is still on its way. */
export const Attachments = ({ files, underWay, remove }: AttachmentsProps) => {
  const t = useWords()
  if (files.length + underWay.length === 0) return null
  return (
    <ul className="attachments">
      {files.map((file) => (
        <li key={file.mediaId}>
          {isPicture(file) ? <img src={`/api/desk/media/${file.mediaId}`} alt="" /> : <PaperClipOutlined />}
          <a href={`/api/desk/media/${file.mediaId}`} target="_blank" rel="noopener">
            <bdi>{file.name}</bdi>
          </a>
          <Button
            size="small"
            type="text"
            icon={<CloseOutlined />}
            aria-label={t('attach.remove', { name: file.name })}
            onClick={() => {
              remove(file)
            }}
          />
        </li>
      ))}
      {underWay.map(({ id, name, share, abort }) => (
        <li key={id}>
          <bdi>{name}</bdi>
          <progress value={share} aria-label={t('attach.uploading', { name })} />
          <Button
            size="small"
            type="text"
            icon={<CloseOutlined />}
            aria-label={t('attach.remove', { name })}
            onClick={abort}
          />
        </li>
      ))}
    </ul>
  )
}
