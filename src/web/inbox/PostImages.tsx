import { ImageOff } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PostView } from '../../cases/case-views.ts'

type Props = { images: PostView['images'] }

/** Pictures come through our own house, so that nobody's server learns that an agent looked. */
export function PostImages({ images }: Props) {
  const { t } = useTranslation('inbox')
  if (images.length === 0) return null
  return (
    <ul
      className="mt-2 grid max-w-xl grid-cols-2 gap-2 only:grid-cols-1"
      aria-label={t('post.images', { count: images.length })}
    >
      {images.map((image, at) => (
        <li key={image.src} className={images.length === 1 ? 'col-span-2' : ''}>
          <Picture image={image} label={t('post.image', { n: at + 1, of: images.length })} />
        </li>
      ))}
    </ul>
  )
}

function Picture({ image, label }: { image: PostView['images'][number]; label: string }) {
  const { t } = useTranslation('inbox')
  const [failed, setFailed] = useState(false)
  const said = image.alt || t('post.noAlt')
  if (failed) {
    return (
      <p className="flex items-center gap-2 rounded-md border border-line bg-sunken p-3 text-sm text-soft">
        <ImageOff size={16} aria-hidden /> {t('post.imageFailed')} {image.alt}
      </p>
    )
  }
  return (
    <figure>
      <a
        href={image.src}
        target="_blank"
        rel="noopener noreferrer"
        title={t('post.showImage')}
        aria-label={`${label}: ${said}`}
      >
        <img
          src={image.src}
          alt={said}
          width={image.width ?? undefined}
          height={image.height ?? undefined}
          loading="lazy"
          decoding="async"
          onError={() => setFailed(true)}
          className="max-h-80 w-full rounded-md border border-line bg-sunken object-cover"
        />
      </a>
      <figcaption className="mt-1 line-clamp-2 text-xs text-faint">{said}</figcaption>
    </figure>
  )
}
