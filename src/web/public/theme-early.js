// Runs before the first paint, as a file because the content security policy allows no inline script.
{
  const theme = localStorage.getItem('evenhand.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
}
