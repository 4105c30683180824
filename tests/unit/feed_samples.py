"""Feeds of an invented outlet, as sites in the wild write them."""

from datetime import UTC, datetime

SEEN = datetime(2031, 3, 13, 12, tzinfo=UTC)
URL = "https://gazette.example/news/rss.xml"

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel>
  <title>Harbour Gazette</title>
  <link>https://gazette.example/</link>
  <item>
    <title>Ferry &amp;amp; barge collide off Low Quay</title>
    <link>https://gazette.example/2031/03/13/ferry?a=1&amp;b=2</link>
    <guid isPermaLink="false">hg-1041</guid>
    <pubDate>Thu, 13 Mar 2031 09:41:00 GMT</pubDate>
    <enclosure url="https://media.gazette.example/ferry.mp4" length="1200" type="video/mp4"/>
    <media:group>
      <media:content url="/media/ferry-480.mp4" type="video/mp4"/>
      <media:content url="https://media.gazette.example/ferry.mp4" type="video/mp4"/>
    </media:group>
    <description>&lt;p&gt;Three were hurt, the ministry said.&lt;/p&gt;</description>
  </item>
  <item>
    <title>Clip purportedly shows the barge's crew</title>
    <guid>https://gazette.example/2031/03/12/clip</guid>
    <content:encoded><![CDATA[<p>Watch:</p>
    <video src="clips/crew.webm"></video><img src="/teaser.jpg">]]></content:encoded>
  </item>
</channel>
</rss>
"""

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://ministry.example/statements/">
  <title type="html">Ministry of the &lt;b&gt;Coast&lt;/b&gt;</title>
  <link rel="self" href="feed.xml"/>
  <link rel="next" href="feed.xml?page=2"/>
  <link href="https://ministry.example/"/>
  <entry>
    <id>tag:ministry.example,2031:7</id>
    <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">We <i>had not</i> seen the video</div></title>
    <link rel="enclosure" href="hearing.mp3"/>
    <link rel="alternate" href="2031/7"/>
    <updated>2031-03-13T08:00:00Z</updated>
  </entry>
</feed>
"""

JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "Varn  Today",
"home_page_url": "https://varn.example/", "next_url": "/feed.json?page=2", "items": [
{"id": 71, "url": "/a/71", "title": "Dam\\nis closed", "date_published": "2031-03-13T07:00:00+01:00",
 "attachments": [{"url": "https://varn.example/dam.mp4", "mime_type": "video/mp4"}, "odd"], "image": "/dam.jpg"},
{"id": "72", "external_url": "https://other.example/b", "content_text": "no title"}]}
"""
