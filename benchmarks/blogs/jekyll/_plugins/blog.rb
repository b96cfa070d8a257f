# The pages of a list and of each tag, as jekyll-paginate and jekyll-archives make them.
class Blog < Jekyll::Generator
  def generate(site)
    posts = site.posts.docs.reverse
    pages = posts.each_slice(10).to_a
    pages.each_with_index do |shown, index|
      folder = index.zero? ? "" : "page/#{index + 1}"
      data = { "posts" => shown, "number" => index + 1, "pages" => pages.size }
      add(site, folder, "list", "Posts", data)
    end
    site.tags.each do |tag, found|
      add(site, "tags/#{tag}", "lines", tag, "posts" => found.sort.reverse)
    end
  end

  def add(site, folder, layout, title, data)
    page = Jekyll::PageWithoutAFile.new(site, site.source, folder, "index.html")
    page.data.merge!(data, "layout" => layout, "title" => title)
    site.pages << page
  end
end
